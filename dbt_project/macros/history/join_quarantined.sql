{#- Joins staged rows of a table, `staged`, with those that an error holds back. -#}
{% macro join_quarantined(staged, table) -%}
left join {{ ref('int_rows_quarantined') }} as quarantined
    on
        {{ staged }}.submission_id = quarantined.submission_id
        and quarantined.table_name = '{{ table }}'
        and {{ staged }}.sheet = quarantined.sheet
        and {{ staged }}.source_row = quarantined.source_row
{%- endmacro %}
