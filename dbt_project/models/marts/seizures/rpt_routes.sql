with covered as (

    select
        year(month_date) as calendar_year,
        count(distinct country_code) as reporting_countries_count,
        count(distinct month_date) as covered_months_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures' and coverage <> 'missing'
    group by year(month_date)

)

select
    coalesce(seizures.producing_country_code, 'NOT_ANSWERED') as producing_country_code,
    coalesce(seizures.departure_country_code, 'NOT_ANSWERED') as departure_country_code,
    coalesce(seizures.destination_country_code, 'NOT_ANSWERED')
        as destination_country_code,
    seizures.drug_code,
    cast(year(seizures.reporting_month) as integer) as calendar_year,
    count(*) as seizures_count,
    sum(seizures.quantity_kg order by seizures.row_place) as quantity_kg,
    sum(seizures.questioned_kg order by seizures.row_place) as questioned_kg,
    count(distinct seizures.country_code) as seizing_countries_count,
    min(seizures.reporting_month) as first_month_date,
    max(seizures.reporting_month) as last_month_date,
    coalesce(any_value(covered.reporting_countries_count), 0)
        as reporting_countries_count,
    coalesce(any_value(covered.covered_months_count), 0) as covered_months_count
from {{ placed_seizures() }} as seizures
left join covered on year(seizures.reporting_month) = covered.calendar_year
group by all
order by all
