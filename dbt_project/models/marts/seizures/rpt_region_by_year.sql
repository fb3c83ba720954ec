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

)

select
    cast(year(seizures.reporting_month) as integer) as calendar_year,
    seizures.drug_code,
    count(*) as seizures_count,
    count(seizures.quantity) as known_quantity_count,
    sum(seizures.quantity_kg order by seizures.row_place) as quantity_kg,
    sum(seizures.questioned_kg order by seizures.row_place) as questioned_kg,
    sum(seizures.quantity_litres order by seizures.row_place) as quantity_litres,
    sum(seizures.quantity_count order by seizures.row_place) as quantity_count,
    sum(seizures.equivalent_kg order by seizures.row_place) as equivalent_kg,
    count(distinct seizures.country_code) as seizing_countries_count,
    coalesce(covered.reporting_countries_count, 0) as reporting_countries_count,
    members.member_countries_count,
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    -- Nobody has reported a month to come: the last year ends with the last month of
    -- which anybody has.
    members.member_countries_count * if(
        year(seizures.reporting_month) = year(members.last_month_date),
        month(members.last_month_date), 12
    ) as expected_months_count,
    100.0 * coalesce(covered.reported_months_count, 0) / expected_months_count
        as coverage_pct
from {{ placed_seizures() }} as seizures
cross join members
left join covered on year(seizures.reporting_month) = covered.calendar_year
group by all
order by calendar_year, seizures.drug_code
