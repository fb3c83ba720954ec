with {{ months_covered('seizures') }},

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

)

select
    cases.*,
    coalesce(covered.reported_months_count, 0) as reported_months_count
from cases
left join covered
    on
        cases.country_code = covered.country_code
        and cases.calendar_year = covered.calendar_year
order by cases.country_code, cases.calendar_year, cases.drug_code
