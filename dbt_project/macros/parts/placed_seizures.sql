{#- The rows of fct_seizures with their place in it, that of their keys, because the table
    is filled in this order, and DuckDB reads a table in the order in which it is filled.
    The last digit of a sum of doubles depends on the order. To put numbers in order takes
    a third of the time, and of the memory, that keys take. -#}
{% macro placed_seizures() -%}
(select *, row_number() over () as row_place from {{ ref('fct_seizures') }})
{%- endmacro %}
