{#- A sum of which members may not be known: of those that are, and null instead of 0, as
    what is not known may be more. With `over` a window. -#}
{% macro known_sum(value, over='', ordered='') -%}
    if(
        bool_or({{ value }} is null){{ over }},
        nullif(sum({{ value }}{{ ordered }}){{ over }}, 0),
        sum({{ value }}{{ ordered }}){{ over }}
    )
{%- endmacro %}
