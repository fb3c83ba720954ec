{#- Statements that describe a relation and its columns in the database. -#}
{%- macro comments(target) -%}
    {%- if model.description %}
    comment on {{ target.type }} {{ target }} is {{ duckdb_escape_comment(model.description) }};
    {%- endif -%}
    {%- for column in model.columns.values() if column.description %}
    comment on column {{ target }}.{{ adapter.quote(column.name) }} is {{ duckdb_escape_comment(column.description) }};
    {%- endfor -%}
{%- endmacro -%}
