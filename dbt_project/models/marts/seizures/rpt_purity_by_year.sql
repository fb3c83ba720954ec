with parts as (

    {{ purity_by_year_parts() }}

)

select
    country_code,
    calendar_year,
    drug_code,
    count(*) as seizures_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    cast(sum(measured_count) as bigint) as measured_count,
    cast(sum(measured_weighed_count) as bigint) as measured_weighed_count,
    avg(purity_pct order by row_place) as mean_purity_pct,
    {% for counted in ['', '_without_duplicates'] -%}
    100 * sum(pure_kg{{ counted }} order by row_place)
    / nullif(sum(measured_kg{{ counted }} order by row_place), 0)
        as weighted_purity_pct{{ counted }},
    {% endfor -%}
    min(purity_pct) as lowest_purity_pct,
    max(purity_pct) as highest_purity_pct,
    {{ both_sums(['quantity_kg', 'questioned_kg', 'measured_kg', 'pure_kg']) }}
from parts
group by country_code, calendar_year, drug_code
having count(purity_pct) > 0
order by country_code, calendar_year, drug_code
