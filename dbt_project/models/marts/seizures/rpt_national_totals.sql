with {{ months_covered('seizures') }},

parts as (

    {{ national_totals_parts() }}

),

cases as (

    select
        country_code,
        calendar_year,
        unodc_class_code,
        count(*) as seizures_count,
        cast(sum(equivalent_count) as bigint) as equivalent_count,
        cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
        {{ both_sums(['quantity_kg', 'questioned_kg', 'equivalent_kg']) }}
    from parts
    group by country_code, calendar_year, unodc_class_code

)

select
    coalesce(cases.country_code, published.country_code) as country_code,
    coalesce(cases.calendar_year, published.calendar_year) as calendar_year,
    coalesce(cases.unodc_class_code, published.unodc_class_code) as unodc_class_code,
    coalesce(cases.seizures_count, 0) as seizures_count,
    coalesce(cases.equivalent_count, 0) as equivalent_count,
    coalesce(cases.presumed_duplicate_count, 0) as presumed_duplicate_count,
    {% for measure in ['quantity_kg', 'questioned_kg', 'equivalent_kg'] -%}
    cases.{{ measure }},
    cases.{{ measure }}_without_duplicates,
    {% endfor -%}
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    published.national_total_kg,
    published.edition_code,
    published.earlier_total_kg,
    published.earlier_edition_code,
    case
        when cases.equivalent_count < cases.seizures_count then 'PARTLY_KNOWN'
        when cases.equivalent_kg > coalesce(cases.quantity_kg, 0) then 'CONVERTED'
        when cases.equivalent_kg is not null then 'WEIGHED'
    end as comparison_basis_code,
    {% for counted in ['', '_without_duplicates'] -%}
    cases.equivalent_kg{{ counted }} - published.national_total_kg
        as difference_kg{{ counted }},
    cases.equivalent_kg{{ counted }} / nullif(published.national_total_kg, 0)
        as national_ratio{{ counted }},
    {% endfor -%}
    case
        when published.national_total_kg is null then 'NO_NATIONAL_TOTAL'
        when cases.seizures_count is null and covered.reported_months_count > 0
            then 'NO_CASES'
        when cases.seizures_count is null then 'NOT_REPORTED'
        when cases.equivalent_kg is null then 'NO_WEIGHT'
        when
            abs(difference_kg_without_duplicates)
            <= greatest(0.001 * published.national_total_kg, published.uncertain_kg)
            then 'EQUAL'
        when difference_kg_without_duplicates > 0 then 'CASES_ABOVE'
        when coalesce(covered.reported_months_count, 0) < 12 then 'MONTHS_MISSING'
        else 'CASES_BELOW'
    end as comparison_code
from cases
full join {{ ref('int_national_totals_published') }} as published
    on
        cases.country_code = published.country_code
        and cases.calendar_year = published.calendar_year
        and cases.unodc_class_code = published.unodc_class_code
left join covered
    on
        coalesce(cases.country_code, published.country_code) = covered.country_code
        and coalesce(cases.calendar_year, published.calendar_year)
        = covered.calendar_year
order by all
