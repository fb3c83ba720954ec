{#- The columns of one field by its type, as typed_rows describes them; each ends with a
    comma. A type that is none of the simple ones is a codelist. -#}
{% macro typed_columns(field, type) -%}
    {%- if type == 'string' -%}
    {{ field }},
    {%- elif type in ('prose', 'reference') -%}
    {{ field }},
    case when {{ field }}_has_name then 'NAME'{% if type == 'prose' %} when {{ field }}_has_number then 'NUMBER'{% endif %} end
        as {{ field }}_personal,
    {%- elif type == 'date' -%}
    {{ _read_columns(field, date_problem(field)) }}
    {{ field }}_is_moved,
    {{ field }}_exchanged,
    {%- elif type == 'yearmonth' -%}
    {{ _read_columns(field, month_problem(field)) }}
    {%- elif type in ('number', 'integer', 'quantity') -%}
    {{ _read_columns(field, number_problem(field, type)) }}
    {%- else -%}
    {{ field }}_code,
    {{ field }} as {{ field }}_text,
    {%- endif -%}
    {%- if type == 'quantity' %}
    {{ field }}_words as {{ field }}_unit_text,
    {%- endif -%}
{%- endmacro %}

{% macro _read_columns(field, problem) -%}
    {{ problem }} as {{ field }}_problem,
    if({{ field }}_problem is null, {{ field }}_read, null) as {{ field }},
    coded.{{ field }} as {{ field }}_text,
    {{ field }}_missing_code,
{%- endmacro %}
