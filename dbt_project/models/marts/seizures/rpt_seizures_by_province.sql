with {{ held_back_by(['country_code', 'calendar_year']) }},

parts as (

    {{ seizures_by_province_parts() }}

),

cases as (

    select
        country_code,
        subdivision_code,
        calendar_year,
        drug_code,
        {% for counted in [
            'seizures', 'presumed_duplicate', 'repeated', 'stated', 'named_by_place',
            'of_border_point', 'same_place'
        ] -%}
        cast(sum({{ counted }}_count) as bigint) as {{ counted }}_count,
        {% endfor -%}
        {{ both_sums(['quantity_kg', 'questioned_kg', 'quantity_litres']) }}
    from parts
    group by country_code, subdivision_code, calendar_year, drug_code

)

-- A row that is held back may be of any province.
select
    cases.*,
    {{ held_back_count() }}
from cases
{{ join_held_back('cases') }}
order by
    cases.country_code, cases.subdivision_code, cases.calendar_year, cases.drug_code
