-- A state is compared where all months of both periods are known for certain; the region
-- is the sum of those that are, apart from them, as sums in order sort each group. Beside
-- what is left out for another reason than silence a per cent would look sure.
{%- set reasons = ['not_reported', 'held_back', 'amount_unknown', 'questioned'] %}
{%- set values = [
    'reported_value', 'earlier_reported_value', 'counted_value', 'earlier_counted_value'
] %}
with states as (

    select
        'countries' as area_level_name,
        country_code as area_code,
        *,
        {% for value in values -%}
        if(out_code is null, {{ value }}, null) as known_{{ value }},
        {% endfor -%}
        if(out_code is null, 1, 0) as compared_countries_count,
        if(out_code is null or not_reported_code is not null, 0, 1)
            as otherwise_left_out_count,
        1 as member_countries_count
    from {{ ref('int_periods_compared') }}

),

areas as (

    select * from states
    union all by name
    select
        'change_terms' as area_level_name,
        'REGION' as area_code,
        month_date,
        period_code,
        drug_level_name,
        drug_or_class_code,
        measure_code,
        {% for value in values -%}
        {{ known_sum(value, ordered=' order by country_code') }} as {{ value }},
        sum(known_{{ value }} order by country_code) as known_{{ value }},
        {% endfor -%}
        {% for reason in reasons -%}
        string_agg({{ reason }}_code, ' ' order by country_code) as {{ reason }}_code,
        {% endfor -%}
        sum(compared_countries_count) as compared_countries_count,
        sum(otherwise_left_out_count) as otherwise_left_out_count,
        sum(member_countries_count) as member_countries_count
    from states
    group by all

)

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
    {{ value }} as reported_value{{ counted }},
    earlier_{{ value }} as earlier_reported_value{{ counted }},
    {% for side, name in {'': 'compared_', 'earlier_': 'earlier_'}.items() -%}
    if(
        known_{{ value }} > 0 or known_earlier_{{ value }} > 0,
        known_{{ side }}{{ value }}, null
    ) as {{ name }}value{{ counted }},
    {% endfor -%}
    compared_value{{ counted }} - earlier_value{{ counted }} as change_value{{ counted }},
    if(
        otherwise_left_out_count = 0,
        100 * change_value{{ counted }} / nullif(earlier_value{{ counted }}, 0), null
    ) as change_pct{{ counted }},
    {% endfor -%}
    {% for count in ['compared_countries', 'otherwise_left_out', 'member_countries'] -%}
    cast({{ count }}_count as bigint) as {{ count }}_count,
    {% endfor -%}
    {% for reason in reasons -%}
    {{ reason }}_code as {{ reason }}_country_codes
    {%- if not loop.last %},{% endif %}
    {% endfor %}
from areas
-- Without what is nothing in both periods, or presumed double while nobody is left out.
where
    greatest(counted_value, earlier_counted_value) > 0
    or compared_countries_count < member_countries_count
    and greatest(reported_value, earlier_reported_value) > 0
order by all
