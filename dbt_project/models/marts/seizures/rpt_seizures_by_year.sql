with covered as (

    select
        country_code,
        year(month_date) as calendar_year,
        count(*) filter (where coverage <> 'missing') as reported_months_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'
    group by country_code, year(month_date)

),

parts as (

    {{ seizures_by_year_parts() }}

),

cases as (

    select
        country_code,
        calendar_year,
        drug_code,
        count(*) as seizures_count,
        count(quantity) as known_quantity_count,
        cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
        {{ both_sums([
            'quantity_kg', 'questioned_kg', 'quantity_litres', 'quantity_count',
            'equivalent_kg'
        ]) }}
    from parts
    group by country_code, calendar_year, drug_code

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
    cases.*,
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    published.national_total_kg,
    {% for counted in ['', '_without_duplicates'] -%}
    cases.quantity_kg{{ counted }} - published.national_total_kg
        as difference_kg{{ counted }},
    cases.quantity_kg{{ counted }} / nullif(published.national_total_kg, 0)
        as national_ratio{{ counted }},
    {% endfor -%}
    case
        when published.national_total_kg is null then 'NO_NATIONAL_TOTAL'
        when cases.quantity_kg is null then 'NO_WEIGHT'
        when
            cases.quantity_kg_without_duplicates > 1.001 * published.national_total_kg
            then 'CASES_ABOVE'
        when
            cases.quantity_kg_without_duplicates >= 0.999 * published.national_total_kg
            then 'EQUAL'
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
