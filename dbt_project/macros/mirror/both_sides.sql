{#- What two sides tell of one thing, beside each other: a common table expression
    `beside` with a row for each of the `keys` of `told`, and for each side its figures as
    <side>_<figure>, <side>_rows_count and <side>_coverage of the table of the form ('missing'
    if it has not reported the month). `sides` says of each side the condition of its rows in
    `told` and the column of its country. -#}
{% macro both_sides(table, keys, sides, figures) -%}
covered as (

    select
        country_code,
        month_date,
        coverage
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = '{{ table }}'

),

pivoted as (

    select
        {%- for side, way in sides.items() %}
        {%- for figure in figures %}
        cast(sum({{ figure }}) filter ({{ way.told }}) as bigint) as {{ side }}_{{ figure }},
        {%- endfor %}
        count(*) filter ({{ way.told }}) as {{ side }}_rows_count,
        {%- endfor %}
        {{ keys | join(',\n        ') }}
    from told
    group by all

),

beside as (

    select
        pivoted.*
        {%- for side in sides %},
        coalesce({{ side }}_covered.coverage, 'missing') as {{ side }}_coverage
        {%- endfor %}
    from pivoted
    {%- for side, way in sides.items() %}
    left join covered as {{ side }}_covered
        on
            pivoted.month_date = {{ side }}_covered.month_date
            and pivoted.{{ way.country }} = {{ side }}_covered.country_code
    {%- endfor %}

)
{%- endmacro %}

{#- A figure as one side tells it. One that has reported the month and not this says
    none. -#}
{% macro told_by(side, figure) -%}
    coalesce(
        {{ side }}_{{ figure }},
        if({{ side }}_rows_count > 0 or {{ side }}_coverage = 'missing', null, 0)
    )
{%- endmacro %}
