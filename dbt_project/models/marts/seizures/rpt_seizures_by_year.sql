with covered as (

    select
        country_code,
        year(month_date) as calendar_year,
        count(*) filter (where coverage <> 'missing') as reported_months_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'
    group by country_code, year(month_date)

),

cases as (

    select
        country_code,
        year(reporting_month) as calendar_year,
        drug_code,
        count(*) as seizures_count,
        count(quantity) as known_quantity_count,
        sum(quantity_kg order by row_place) as quantity_kg,
        sum(questioned_kg order by row_place) as questioned_kg,
        sum(quantity_litres order by row_place) as quantity_litres,
        sum(quantity_count order by row_place) as quantity_count,
        sum(equivalent_kg order by row_place) as equivalent_kg
    from {{ placed_seizures() }} as seizures
    group by country_code, year(reporting_month), drug_code

),

-- UNODC publishes some totals in several rows: they are parts of one total.
published as (

    select
        country_code,
        drug_code,
        year as calendar_year,
        sum(seized_kg order by row_number) as national_total_kg
    from {{ ref('national_totals') }}
    group by country_code, drug_code, year

)

select
    cases.country_code,
    cast(cases.calendar_year as integer) as calendar_year,
    cases.drug_code,
    cases.seizures_count,
    cases.known_quantity_count,
    cases.quantity_kg,
    cases.questioned_kg,
    cases.quantity_litres,
    cases.quantity_count,
    cases.equivalent_kg,
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    published.national_total_kg,
    cases.quantity_kg - published.national_total_kg as difference_kg,
    cases.quantity_kg / nullif(published.national_total_kg, 0) as national_ratio,
    case
        when published.national_total_kg is null then 'NO_NATIONAL_TOTAL'
        when cases.quantity_kg is null then 'NO_WEIGHT'
        when cases.quantity_kg > 1.001 * published.national_total_kg then 'CASES_ABOVE'
        when cases.quantity_kg >= 0.999 * published.national_total_kg then 'EQUAL'
        when coalesce(covered.reported_months_count, 0) < 12 then 'MONTHS_MISSING'
        else 'CASES_BELOW'
    end as comparison_code
from cases
left join covered
    on
        cases.country_code = covered.country_code
        and cases.calendar_year = covered.calendar_year
left join published
    on
        cases.country_code = published.country_code
        and cases.calendar_year = published.calendar_year
        and cases.drug_code = published.drug_code
order by cases.country_code, cases.calendar_year, cases.drug_code
