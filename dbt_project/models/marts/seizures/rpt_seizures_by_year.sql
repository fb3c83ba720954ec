{%- set measures = [
    'quantity_kg', 'questioned_kg', 'quantity_litres', 'equivalent_kg'
] -%}
with {{ months_covered('seizures') }},

{{ held_back_by(['country_code', 'calendar_year']) }},

parts as (

    {{ seizures_by_year_parts() }}

),

cases as (

    select
        country_code,
        calendar_year,
        drug_code,
        {{ counted_seizures(measures) }}
    from parts
    group by country_code, calendar_year, drug_code

)

select
    {{ counted_cases([
        'seizures_count', 'known_quantity_count', 'presumed_duplicate_count', 'repeated_count'
    ], measures) }},
    coalesce(cases.country_code, held.country_code) as country_code,
    coalesce(cases.calendar_year, held.calendar_year) as calendar_year,
    coalesce(cases.drug_code, held.drug_code) as drug_code,
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    {{ held_back_count() }}
from cases
full join held
    on
        cases.country_code = held.country_code
        and cases.calendar_year = held.calendar_year
        and cases.drug_code = held.drug_code
left join unread
    on
        coalesce(cases.country_code, held.country_code) = unread.country_code
        and coalesce(cases.calendar_year, held.calendar_year) = unread.calendar_year
left join covered
    on
        coalesce(cases.country_code, held.country_code) = covered.country_code
        and coalesce(cases.calendar_year, held.calendar_year) = covered.calendar_year
order by country_code, calendar_year, drug_code
