{#- Of how many months of each year a country has reported a table, nil returns among
    them: a common table expression `covered`. -#}
{% macro months_covered(table) -%}
covered as (

    select
        country_code,
        year(month_date) as calendar_year,
        count(*) filter (where coverage <> 'missing') as reported_months_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = '{{ table }}'
    group by country_code, year(month_date)

)
{%- endmacro %}
