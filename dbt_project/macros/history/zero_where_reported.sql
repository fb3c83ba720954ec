{#- Figures of `relation` that are 0 where there are none though their country reported
    the table of the form for the month, and no row of it is held back: a common table
    expression `completed`. `figures` gives the table of each. What names no crossing point
    stays as it is: silence says nothing of it. -#}
{% macro zero_where_reported(relation, figures) -%}
completed as (

    select
        {{ relation }}.* replace (
            {%- for figure, table in figures.items() %}
            coalesce(
                {{ relation }}.{{ figure }},
                if(
                    {{ table }}_covered.coverage <> 'missing'
                    and {{ table }}_covered.held_back_count = 0
                    and {{ relation }}.border_point_code <> 'NOT_ANSWERED', 0, null
                )
            ) as {{ figure }}
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
    from {{ relation }}
    {%- for table in figures.values() %}
    left join {{ ref('rpt_coverage_by_month') }} as {{ table }}_covered
        on
            {{ relation }}.country_code = {{ table }}_covered.country_code
            and {{ relation }}.month_date = {{ table }}_covered.month_date
            and {{ table }}_covered.table_name = '{{ table }}'
    {%- endfor %}

)
{%- endmacro %}
