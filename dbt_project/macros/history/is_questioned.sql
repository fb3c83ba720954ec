{#- True for a staged seizure whose quantity is doubted by a warning that nobody has
    confirmed, as join_questioned finds it. -#}
{% macro is_questioned() -%}
    coalesce(questioned_rows.submission_id, questioned_sheets.submission_id) is not null
{%- endmacro %}

{% macro join_questioned(staged, sheet='sheet') -%}
left join {{ ref('int_quantities_questioned') }} as questioned_rows
    on
        {{ staged }}.submission_id = questioned_rows.submission_id
        and {{ staged }}.{{ sheet }} = questioned_rows.sheet
        and {{ staged }}.source_row = questioned_rows.source_row
left join {{ ref('int_quantities_questioned') }} as questioned_sheets
    on
        {{ staged }}.submission_id = questioned_sheets.submission_id
        and {{ staged }}.{{ sheet }} = questioned_sheets.sheet
        and questioned_sheets.source_row is null
{%- endmacro %}
