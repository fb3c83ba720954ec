{#- Whether the rows of a group answer a question alike, but for those that do not. -#}
{% macro does_not_differ(name) -%}
    min({{ stated_answer(name) }}) is not distinct from max({{ stated_answer(name) }})
{%- endmacro %}

{% macro stated_answer(name) -%}
    nullif(cast({{ name }} as varchar), 'UNKNOWN')
{%- endmacro %}
