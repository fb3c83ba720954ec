{%- set measures = ['quantity_kg', 'questioned_kg', 'equivalent_kg'] -%}
with {{ months_covered('seizures') }},

{{ held_back_by(['country_code', 'calendar_year'], by_class=true) }},

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
        sum(converted_count) as converted_count,
        cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
        cast(sum(repeated_count) as bigint) as repeated_count,
        {{ both_sums(measures) }}
    from parts
    group by country_code, calendar_year, unodc_class_code

),

published as (

    select * from {{ ref('int_national_totals_published') }}

),

classes as (

    {% for relation in ['cases', 'held', 'published'] -%}
    select
        country_code,
        calendar_year,
        unodc_class_code
    from {{ relation }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}

)

select
    classes.*,
    {{ counted_cases([
        'seizures_count', 'equivalent_count', 'presumed_duplicate_count', 'repeated_count'
    ], measures) }},
    coalesce(covered.reported_months_count, 0) as reported_months_count,
    {{ held_back_count() }},
    published.national_total_kg,
    published.edition_code,
    published.earlier_total_kg,
    published.earlier_edition_code,
    case
        when cases.equivalent_count < cases.seizures_count then 'PARTLY_KNOWN'
        when cases.converted_count > 0 then 'CONVERTED'
        when cases.equivalent_kg is not null then 'WEIGHED'
    end as comparison_basis_code,
    {% for counted in ['', '_without_duplicates'] -%}
    cases.equivalent_kg{{ counted }} - published.national_total_kg
        as difference_kg{{ counted }},
    cases.equivalent_kg{{ counted }} / nullif(published.national_total_kg, 0)
        as national_ratio{{ counted }},
    {% endfor -%}
    {{ compared_with_nation() }} as comparison_code
from classes
{% for name in ['cases', 'held', 'published', 'unread', 'covered'] -%}
left join {{ name }}
    on
        classes.country_code = {{ name }}.country_code
        and classes.calendar_year = {{ name }}.calendar_year
        {% if name not in ['unread', 'covered'] -%}
        and classes.unodc_class_code = {{ name }}.unodc_class_code
        {% endif -%}
{% endfor -%}
order by all
