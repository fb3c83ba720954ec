-- Each month beside the one before, beside that of last year, and the months of the year
-- until it beside those of last year. What is not known of any month of a period is not
-- known of the period; a month before the first is not reported. A state that is left out
-- for what is not known of either is named by the reason.
{%- set doubts = [
    'is_not_reported', 'is_held_back', 'is_amount_unknown', 'is_questioned'
] -%}
{%- set values = ['reported_value', 'counted_value'] -%}
{%- set periods = {
    'PREVIOUS_MONTH': ['', 1], 'SAME_MONTH_LAST_YEAR': ['', 12], 'YEAR_TO_DATE': ['_to_date', 12]
} %}
with running as (

    select
        *,
        {% for value in values -%}
        {{ known_sum(value, over=' over to_date') }} as {{ value }}_to_date,
        {% endfor -%}
        {% for doubt in doubts[1:] -%}
        bool_or({{ doubt }}) over to_date as {{ doubt }}_to_date,
        {% endfor -%}
        bool_or(is_not_reported) over to_date or count(*) over to_date < month(month_date)
            as is_not_reported_to_date
    from {{ ref('int_months_by_measure') }}
    window
        to_date as (
            partition by
                country_code, drug_level_name, drug_or_class_code, measure_code,
                year(month_date)
            order by month_date
        )

),

spans as (

    {% for period, (span, months_before) in periods.items() -%}
    select
        country_code,
        month_date,
        '{{ period }}' as period_code,
        {{ months_before }} as months_before,
        drug_level_name,
        drug_or_class_code,
        measure_code,
        {% for name in values + doubts -%}
        {{ name }}{{ span }} as {{ name }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from running
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    * exclude (months_before),
    {% for value in values -%}
    lag({{ value }}, months_before) over months as earlier_{{ value }},
    {% endfor -%}
    {% for doubt in doubts[1:] -%}
    lag({{ doubt }}, months_before, false) over months as was_{{ doubt[3:] }},
    {% endfor -%}
    lag(is_not_reported, months_before, true) over months as was_not_reported,
    {% for doubt in doubts -%}
    if({{ doubt }} or was_{{ doubt[3:] }}, country_code, null) as {{ doubt[3:] }}_code,
    {% endfor -%}
    coalesce(not_reported_code, held_back_code, amount_unknown_code, questioned_code)
        as out_code
from spans
window
    months as (
        partition by
            country_code, drug_level_name, drug_or_class_code, measure_code, period_code
        order by month_date
    )
