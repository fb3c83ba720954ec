{#- Figures of two sides about one thing, beside each other: a common table expression
    `beside` with a row for each of the `keys` of `parts`. `sides` gives for each side the
    column of its `country` and its `figures`, columns of `parts` that are summed.
    <side>_coverage is what that country has reported of the month in the table of the form
    ('missing': nothing).

    `zero_if_silent` are the figures that are 0 for a side that has reported the month and
    not this: it has no row there, as the figure `rows` counts them, and none is held
    back. -#}
{% macro both_sides(table, keys, sides) -%}
covered as (

    select
        country_code,
        month_date,
        coverage,
        held_back_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = '{{ table }}'

),

summed as (

    select
        {{ keys | join(',\n        ') }}
        {%- for side in sides.values() %}
        {%- for figure in side.figures %},
        cast(sum({{ figure }}) as bigint) as {{ figure }}
        {%- endfor %}
        {%- endfor %}
    from parts
    group by all

),

beside as (

    select
        {%- for key in keys %}
        summed.{{ key }},
        {%- endfor %}
        {%- for name, side in sides.items() %}
        {%- for figure in side.figures %}
        {%- if figure in side.get('zero_if_silent', []) %}
        coalesce(
            summed.{{ figure }},
            if(
                summed.{{ side.rows }} > 0
                or coalesce({{ name }}_covered.coverage, 'missing') = 'missing'
                or {{ name }}_covered.held_back_count > 0, null, 0
            )
        ) as {{ figure }},
        {%- else %}
        summed.{{ figure }},
        {%- endif %}
        {%- endfor %}
        coalesce({{ name }}_covered.coverage, 'missing') as {{ name }}_coverage
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from summed
    {%- for name, side in sides.items() %}
    left join covered as {{ name }}_covered
        on
            summed.month_date = {{ name }}_covered.month_date
            and summed.{{ side.country }} = {{ name }}_covered.country_code
    {%- endfor %}

)
{%- endmacro %}
