with covered as (

    select
        year(month_date) as calendar_year,
        count(distinct country_code) as reporting_countries_count,
        count(distinct month_date) as covered_months_count,
        count(*) as reported_months_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures' and coverage <> 'missing'
    group by year(month_date)

),

parts as (

    {{ routes_parts() }}

)

select
    parts.producing_country_code,
    parts.departure_country_code,
    parts.destination_country_code,
    parts.drug_code,
    parts.calendar_year,
    count(*) as seizures_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {{ both_sums(['quantity_kg', 'questioned_kg'], of='parts.') }},
    count(distinct parts.country_code) as seizing_countries_count,
    min(parts.reporting_month) as first_month_date,
    max(parts.reporting_month) as last_month_date,
    coalesce(any_value(covered.reporting_countries_count), 0)
        as reporting_countries_count,
    coalesce(any_value(covered.covered_months_count), 0) as covered_months_count,
    coalesce(any_value(covered.reported_months_count), 0) as reported_months_count
from parts
left join covered on parts.calendar_year = covered.calendar_year
group by all
order by all
