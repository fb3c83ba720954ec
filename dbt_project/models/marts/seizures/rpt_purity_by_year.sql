select
    country_code,
    cast(year(reporting_month) as integer) as calendar_year,
    drug_code,
    count(*) as seizures_count,
    count(purity_pct) as measured_count,
    count(pure_kg) as measured_weighed_count,
    avg(purity_pct order by seizure_id) as mean_purity_pct,
    100 * sum(pure_kg order by seizure_id) / nullif(
        sum(quantity_kg order by seizure_id) filter (where pure_kg is not null), 0
    ) as weighted_purity_pct,
    min(purity_pct) as lowest_purity_pct,
    max(purity_pct) as highest_purity_pct,
    sum(quantity_kg order by seizure_id) as quantity_kg,
    sum(quantity_kg order by seizure_id) filter (where pure_kg is not null)
        as measured_kg,
    sum(pure_kg order by seizure_id) as pure_kg
from {{ ref('fct_seizures') }}
group by country_code, year(reporting_month), drug_code
having count(purity_pct) > 0
order by country_code, calendar_year, drug_code
