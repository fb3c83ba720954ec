{%- set measures = [
    'quantity_kg', 'questioned_kg', 'quantity_litres', 'equivalent_kg'
] -%}
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

{{ held_back_by(['calendar_year']) }},

parts as (

    {{ region_by_year_parts() }}

),

cases as (

    select
        calendar_year,
        drug_code,
        {{ counted_seizures(measures) }},
        count(distinct country_code) as seizing_countries_count
    from parts
    group by calendar_year, drug_code

)

select
    {{ counted_cases([
        'seizures_count', 'known_quantity_count', 'presumed_duplicate_count', 'repeated_count',
        'seizing_countries_count'
    ], measures) }},
    coalesce(cases.calendar_year, held.calendar_year) as calendar_year,
    coalesce(cases.drug_code, held.drug_code) as drug_code,
    coalesce(covered.reporting_countries_count, 0) as reporting_countries_count,
    members.member_countries_count,
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    -- Nobody has reported a month to come: the last year ends with the last month of
    -- which anybody has.
    members.member_countries_count * if(
        coalesce(cases.calendar_year, held.calendar_year) = year(members.last_month_date),
        month(members.last_month_date), 12
    ) as expected_months_count,
    100.0 * coalesce(covered.reported_months_count, 0) / expected_months_count
        as coverage_pct,
    {{ held_back_count() }}
from cases
full join held
    on cases.calendar_year = held.calendar_year and cases.drug_code = held.drug_code
left join unread
    on coalesce(cases.calendar_year, held.calendar_year) = unread.calendar_year
left join covered
    on coalesce(cases.calendar_year, held.calendar_year) = covered.calendar_year
cross join members
order by calendar_year, drug_code
