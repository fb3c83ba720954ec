with covered as (

    select
        month_date,
        count(*) filter (where coverage <> 'missing') as reporting_countries_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'
    group by month_date

),

members as (

    select count(distinct country_code) as member_countries_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'

),

parts as (

    {{ seizures_by_month_parts() }}

)

select
    parts.country_code,
    parts.month_date,
    parts.drug_code,
    count(*) as seizures_count,
    count(parts.quantity) as known_quantity_count,
    100.0 * count(parts.quantity) / count(*) as known_quantity_pct,
    -- In the order of their keys: the last digit of a sum of doubles depends on it.
    sum(parts.quantity_kg order by parts.row_place) as quantity_kg,
    sum(parts.questioned_kg order by parts.row_place) as questioned_kg,
    sum(parts.quantity_litres order by parts.row_place) as quantity_litres,
    sum(parts.quantity_count order by parts.row_place) as quantity_count,
    sum(parts.equivalent_kg order by parts.row_place) as equivalent_kg,
    cast(sum(parts.questioned_count) as bigint) as questioned_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    sum(parts.quantity_kg_without_duplicates order by parts.row_place)
        as quantity_kg_without_duplicates,
    sum(parts.quantity_litres_without_duplicates order by parts.row_place)
        as quantity_litres_without_duplicates,
    sum(parts.quantity_count_without_duplicates order by parts.row_place)
        as quantity_count_without_duplicates,
    sum(parts.equivalent_kg_without_duplicates order by parts.row_place)
        as equivalent_kg_without_duplicates,
    coalesce(any_value(covered.reporting_countries_count), 0)
        as reporting_countries_count,
    any_value(members.member_countries_count) as member_countries_count
from parts
cross join members
left join covered on parts.month_date = covered.month_date
group by parts.country_code, parts.month_date, parts.drug_code
order by parts.country_code, parts.month_date, parts.drug_code
