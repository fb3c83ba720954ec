-- A state is compared where all months of both periods are known for certain; the region
-- is the sum of the states that are. Nothing beside nothing is no comparison, and beside
-- what is left out for another reason than silence a per cent would look sure.
{%- set reasons = ['not_reported', 'held_back', 'amount_unknown', 'questioned'] %}
with areas as (

    select
        *,
        unnest(['countries', 'change_terms']) as area_level_name,
        unnest([country_code, 'REGION']) as area_code,
        {% for reason in reasons -%}
        if(is_{{ reason }} or was_{{ reason }}, country_code, null) as {{ reason }}_code,
        {% endfor -%}
        coalesce(not_reported_code, held_back_code, amount_unknown_code, questioned_code)
            as out_code
    from {{ ref('int_periods_compared') }}

),

summed as (

    select
        area_level_name,
        area_code,
        month_date,
        period_code,
        drug_level_name,
        drug_or_class_code,
        measure_code,
        {% for value, counted in {
            'reported_value': '', 'counted_value': '_without_duplicates'
        }.items() -%}
        {% for side in ['', 'earlier_'] -%}
        {{ known_sum(side ~ value, ordered=' order by country_code') }}
            as {{ side }}reported_value{{ counted }},
        sum({{ side }}{{ value }} order by country_code) filter (where out_code is null)
            as {{ side }}known_value{{ counted }},
        {% endfor -%}
        {% endfor -%}
        {% for reason in reasons -%}
        string_agg({{ reason }}_code, ' ' order by {{ reason }}_code)
            as {{ reason }}_country_codes,
        {% endfor -%}
        count(*) filter (where out_code is null) as compared_countries_count,
        count(out_code) - count(not_reported_code) as otherwise_left_out_count,
        count(*) as member_countries_count
    from areas
    group by all
    -- Where nothing was reported in either period there is nothing to compare, nor where
    -- all that was is presumed double and nobody is left out.
    having
        greatest(sum(counted_value), sum(earlier_counted_value)) > 0
        or count(out_code) > 0
        and greatest(sum(reported_value), sum(earlier_reported_value)) > 0

)

select
    area_level_name,
    area_code,
    month_date,
    period_code,
    drug_level_name,
    drug_or_class_code,
    measure_code,
    {% for counted in ['', '_without_duplicates'] -%}
    reported_value{{ counted }},
    earlier_reported_value{{ counted }},
    {% for value in ['', 'earlier_'] -%}
    if(
        known_value{{ counted }} > 0 or earlier_known_value{{ counted }} > 0,
        {{ value }}known_value{{ counted }}, null
    ) as {{ value or 'compared_' }}value{{ counted }},
    {% endfor -%}
    compared_value{{ counted }} - earlier_value{{ counted }} as change_value{{ counted }},
    if(
        otherwise_left_out_count = 0,
        100 * change_value{{ counted }} / nullif(earlier_value{{ counted }}, 0), null
    ) as change_pct{{ counted }},
    {% endfor -%}
    compared_countries_count,
    otherwise_left_out_count,
    member_countries_count,
    {% for reason in reasons -%}
    {{ reason }}_country_codes
    {%- if not loop.last %},{% endif %}
    {% endfor %}
from summed
order by all
