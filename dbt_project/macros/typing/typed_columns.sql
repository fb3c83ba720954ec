{#- The columns of one field by its type, as typed_rows describes them; each ends with a
    comma. A type that is none of the simple ones is a codelist. -#}
{% macro typed_columns(field, type) -%}
    {%- if type == 'string' -%}
    {{ field }},
    {%- elif type in ('prose', 'reference') -%}
    {{ field }},
    {{ personal_data(field, has_numbers=type == 'prose') }} as {{ field }}_personal,
    {%- elif type == 'date' -%}
    {{ _read_columns(field, parse_date(field), date_problem(field)) }}
    {%- elif type == 'yearmonth' -%}
    {{ _read_columns(field, parse_month(field), month_problem(field)) }}
    {%- elif type in ('number', 'integer', 'quantity') -%}
    {{ _read_columns(field, parse_number(field ~ '_digits'), number_problem(field, type)) }}
    {%- else -%}
    {{ field }}_code,
    {{ field }} as {{ field }}_text,
    {%- endif -%}
    {%- if type == 'quantity' %}
    {{ field }}_words as {{ field }}_unit_text,
    {%- endif -%}
{%- endmacro %}

{% macro _read_columns(field, value, problem) -%}
    {{ problem }} as {{ field }}_problem,
    if({{ field }}_problem is null, {{ value }}, null) as {{ field }},
    coded.{{ field }} as {{ field }}_text,
    {{ field }}_missing_code,
{%- endmacro %}
