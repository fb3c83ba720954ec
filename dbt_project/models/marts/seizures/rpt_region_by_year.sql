with covered as (

    select
        year(month_date) as calendar_year,
        count(distinct country_code) filter (where coverage <> 'missing')
            as reporting_countries_count,
        count(*) filter (where coverage <> 'missing') as reported_months_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'
    group by year(month_date)

),

members as (

    select
        count(distinct country_code) as member_countries_count,
        max(month_date) as last_month_date
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'

),

parts as (

    {{ region_by_year_parts() }}

)

select
    parts.calendar_year,
    parts.drug_code,
    count(*) as seizures_count,
    count(parts.quantity) as known_quantity_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {{ both_sums([
        'quantity_kg', 'questioned_kg', 'quantity_litres', 'quantity_count', 'equivalent_kg'
    ], of='parts.') }},
    count(distinct parts.country_code) as seizing_countries_count,
    coalesce(covered.reporting_countries_count, 0) as reporting_countries_count,
    members.member_countries_count,
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    -- Nobody has reported a month to come: the last year ends with the last month of
    -- which anybody has.
    members.member_countries_count * if(
        parts.calendar_year = year(members.last_month_date),
        month(members.last_month_date), 12
    ) as expected_months_count,
    100.0 * coalesce(covered.reported_months_count, 0) / expected_months_count
        as coverage_pct
from parts
cross join members
left join covered on parts.calendar_year = covered.calendar_year
group by all
order by parts.calendar_year, parts.drug_code
