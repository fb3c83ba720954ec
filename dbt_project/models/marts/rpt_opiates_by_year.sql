with weighed as (

    select
        seizures.seizure_id,
        seizures.country_code,
        seizures.drug_code,
        seizures.quantity_kg,
        year(seizures.reporting_month) as calendar_year,
        seizures.quantity_kg * equivalents.heroin_kg_per_kg as heroin_equivalent_kg,
        seizures.quantity_kg * equivalents.lowest_heroin_kg_per_kg as lowest_kg,
        seizures.quantity_kg * equivalents.highest_heroin_kg_per_kg as highest_kg
    from {{ ref('fct_seizures') }} as seizures
    inner join {{ ref('opiate_equivalents') }} as equivalents
        on
            seizures.drug_code = equivalents.drug_code
            and seizures.reporting_month between equivalents.valid_from
            and coalesce(equivalents.valid_to, date '9999-12-31')
    where seizures.quantity_kg is not null

)

select
    country_code,
    cast(calendar_year as integer) as calendar_year,
    count(*) as weighed_count,
    {% for drug in ['opium', 'morphine', 'heroin'] -%}
    sum(quantity_kg order by seizure_id) filter (where drug_code = '{{ drug | upper }}')
        as {{ drug }}_kg,
    {% endfor -%}
    sum(heroin_equivalent_kg order by seizure_id) as heroin_equivalent_kg,
    sum(lowest_kg order by seizure_id) as lowest_heroin_equivalent_kg,
    sum(highest_kg order by seizure_id) as highest_heroin_equivalent_kg
from weighed
group by country_code, calendar_year
order by country_code, calendar_year
