{#- A figure that is told in one table is null in the rows of the others. -#}
{%- set told = {
    'fct_staff': {
        'staff_female_count': 'staff_female_count',
        'staff_male_count': 'staff_male_count',
        'women_of_both': 'if(staff_male_count is null, null, staff_female_count)',
        'staff_of_both': 'staff_female_count + staff_male_count',
        'vacancies_count': 'vacancies_count',
        'departures_count': 'departures_count'
    },
    'fct_equipment': {
        'equipment_count': 'equipment_count',
        'working_count': 'working_count',
        'working_of_both': 'if(equipment_count is null, null, working_count)',
        'equipment_of_both': 'if(working_count is null, null, equipment_count)'
    },
    'fct_throughput': {
        'travellers_count': 'travellers_count', 'vehicles_count': 'vehicles_count',
        'wagons_count': 'wagons_count', 'inspections_count': 'inspections_count'
    },
    'fct_contraband': {'contraband_count': '1'},
    'finds': {'finds_count': 'finds_count'}
} -%}
{%- set months = {'fct_contraband': 'reporting_month'} -%}
{%- set found = {'finds_count': 'seizures', 'contraband_count': 'contraband'} -%}
with finds as (

    {{ offices_by_month_parts() }}

),

answers as (

    {% for source in told -%}
    select
        country_code,
        {{ months.get(source, 'month_date') }} as month_date,
        {% for other, figures in told.items() -%}
        {% for name, value in figures.items() -%}
        {{ value if other == source else 'cast(null as bigint)' }} as {{ name }},
        {% endfor -%}
        {% endfor -%}
        coalesce(border_point_code, 'NOT_ANSWERED') as border_point_code
    from {{ ref(source) if source.startswith('fct_') else source }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

summed as (

    select
        country_code,
        month_date,
        {% for figures in told.values() -%}
        {% for name in figures -%}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor -%}
        {% endfor -%}
        border_point_code
    from answers
    group by country_code, month_date, border_point_code

),

{{ zero_where_reported('summed', found) }}

select
    country_code,
    month_date,
    border_point_code,
    {% for figures in told.values() -%}
    {% for name in figures if name.endswith('_count') -%}
    {{ name }},
    {% endfor -%}
    {% endfor -%}
    100 * women_of_both / nullif(staff_of_both, 0) as women_pct,
    100 * working_of_both / nullif(equipment_of_both, 0) as working_pct,
    100000 * finds_count
    / if(border_point_code = 'NOT_ANSWERED', null, nullif(travellers_count, 0))
        as finds_per_100000_travellers,
    100000 * contraband_count
    / if(border_point_code = 'NOT_ANSWERED', null, nullif(travellers_count, 0))
        as contraband_per_100000_travellers
from completed
order by country_code, month_date, border_point_code
