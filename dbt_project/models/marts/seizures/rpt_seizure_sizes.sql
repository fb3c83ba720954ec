with parts as (

    {{ seizure_sizes_parts() }}

)

select
    country_code,
    calendar_year,
    drug_code,
    count(*) as seizures_count,
    cast(sum(weighed_count) as bigint) as weighed_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {% for mass, counted in {
        'quantity_kg': '', 'counted_kg': '_without_duplicates'
    }.items() -%}
    -- What is interpolated between equal weights may differ from them in its last digit.
    least(
        quantile_cont({{ mass }}, 0.5), quantile_cont({{ mass }}, 0.9), max({{ mass }})
    ) as median_kg{{ counted }},
    least(quantile_cont({{ mass }}, 0.9), max({{ mass }}))
        as percentile_90_kg{{ counted }},
    max({{ mass }}) as largest_kg{{ counted }},
    -- Divided first: the share of a single seizure is 100 and not a digit more.
    100 * (max({{ mass }}) / nullif(sum({{ mass }} order by row_place), 0))
        as largest_share_pct{{ counted }},
    {% endfor -%}
    sum(questioned_kg order by row_place) as questioned_kg,
    arg_max(row_id, quantity_kg order by row_place) as largest_seizure_id
from parts
group by country_code, calendar_year, drug_code
having count(quantity_kg) > 0
order by country_code, calendar_year, drug_code
