{#- Columns of `cases`, sums of seizures: counts, which are 0 where all rows are held
    back, and measures, which then are not known. -#}
{% macro counted_cases(counts, measures) -%}
    {% for name in counts -%}
    coalesce(cases.{{ name }}, 0) as {{ name }},
    {% endfor -%}
    {% for measure in measures -%}
    cases.{{ measure }},
    cases.{{ measure }}_without_duplicates{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}
