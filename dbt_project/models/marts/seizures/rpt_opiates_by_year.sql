select
    country_code,
    cast(year(reporting_month) as integer) as calendar_year,
    count(*) as weighed_count,
    {% for drug in ['opium', 'morphine', 'heroin'] -%}
    sum(quantity_kg order by seizure_id) filter (where drug_code = '{{ drug | upper }}')
        as {{ drug }}_kg,
    {% endfor -%}
    sum(heroin_equivalent_kg order by seizure_id) as heroin_equivalent_kg,
    sum(lowest_heroin_equivalent_kg order by seizure_id) as lowest_heroin_equivalent_kg,
    sum(highest_heroin_equivalent_kg order by seizure_id) as highest_heroin_equivalent_kg
from {{ ref('fct_seizures') }}
where heroin_equivalent_kg is not null
group by country_code, year(reporting_month)
order by country_code, calendar_year
