{#- True for what was known at the end of the day `as_of` (UTC), or for everything where
    no day is given. -#}
{% macro known(timestamp) -%}
    {%- if var('as_of') -%}
    {{ timestamp }} < date '{{ var('as_of') }}' + interval 1 day
    {%- else -%}
    {{ timestamp }} is not null
    {%- endif -%}
{%- endmacro %}
