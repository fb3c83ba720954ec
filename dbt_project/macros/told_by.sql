{#- A figure of a flow as one of its sides tells it. One that has reported its exchanges
    and not this one says none. -#}
{% macro told_by(side, figure) -%}
    coalesce(
        beside.{{ side }}_{{ figure }},
        if(beside.is_told_by_{{ side }} or {{ side }}s.coverage is null, null, 0)
    )
{%- endmacro %}
