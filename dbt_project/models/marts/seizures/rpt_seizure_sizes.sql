with parts as (

    {{ seizure_sizes_parts() }}

)

select
    country_code,
    calendar_year,
    drug_code,
    count(*) as seizures_count,
    cast(sum(weighed_count) as bigint) as weighed_count,
    -- What is interpolated between equal weights may differ from them in its last digit.
    least(
        quantile_cont(quantity_kg, 0.5), quantile_cont(quantity_kg, 0.9), max(quantity_kg)
    ) as median_kg,
    least(quantile_cont(quantity_kg, 0.9), max(quantity_kg)) as percentile_90_kg,
    max(quantity_kg) as largest_kg,
    -- Divided first: the share of a single seizure is 100 and not a digit more.
    100 * (max(quantity_kg) / nullif(sum(quantity_kg order by row_place), 0))
        as largest_share_pct,
    sum(questioned_kg order by row_place) as questioned_kg,
    arg_max(row_id, quantity_kg order by row_place) as largest_seizure_id
from parts
group by country_code, calendar_year, drug_code
having count(quantity_kg) > 0
order by country_code, calendar_year, drug_code
