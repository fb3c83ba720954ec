with contexts as (

    {% for codelist, column in {
        'hiding_places': 'hiding_place_code', 'installations': 'installation_code',
        'routings': 'routing_code', 'transport_modes': 'transport_mode_code'
    }.items() -%}
    select
        seizure_id,
        country_code,
        year(reporting_month) as calendar_year,
        drug_code,
        '{{ codelist }}' as dimension_name,
        coalesce({{ column }}, 'NOT_ANSWERED') as dimension_code,
        quantity_kg
    from {{ ref('fct_seizures') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    country_code,
    cast(calendar_year as integer) as calendar_year,
    drug_code,
    dimension_name,
    dimension_code,
    count(*) as seizures_count,
    100.0 * count(*) / sum(count(*)) over (
        partition by country_code, calendar_year, drug_code, dimension_name
    ) as seizures_pct,
    sum(quantity_kg order by seizure_id) as quantity_kg
from contexts
group by country_code, calendar_year, drug_code, dimension_name, dimension_code
order by country_code, calendar_year, drug_code, dimension_name, dimension_code
