{#- A text as other states may read it: what tells of a person stays with its country, and
    `instead` stands in its place. -#}
{% macro shared_text(field, instead="'[withheld: personal data]'") -%}
    if(accepted.{{ field }}_personal is null, accepted.{{ field }}, {{ instead }}) as {{ field }}
{%- endmacro %}
