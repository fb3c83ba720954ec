select
    country_code,
    cast(year(reporting_month) as integer) as calendar_year,
    drug_code,
    count(*) as seizures_count,
    count(quantity_kg) as weighed_count,
    -- What is interpolated between equal weights may differ from them in its last digit.
    least(
        quantile_cont(quantity_kg, 0.5), quantile_cont(quantity_kg, 0.9), max(quantity_kg)
    ) as median_kg,
    least(quantile_cont(quantity_kg, 0.9), max(quantity_kg)) as percentile_90_kg,
    max(quantity_kg) as largest_kg,
    -- Divided first: the share of a single seizure is 100 and not a digit more.
    100 * (max(quantity_kg) / nullif(sum(quantity_kg order by seizure_id), 0))
        as largest_share_pct,
    arg_max(seizure_id, quantity_kg order by seizure_id) as largest_seizure_id
from {{ ref('fct_seizures') }}
group by country_code, year(reporting_month), drug_code
having count(quantity_kg) > 0
order by country_code, calendar_year, drug_code
