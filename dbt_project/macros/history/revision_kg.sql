{#- Later kilograms less earlier ones. Where only one of the two was weighed, the other
    adds nothing to the published total; a first report is no revision. -#}
{% macro revision_kg(earlier) -%}
    case
        when revision_number > 0 and coalesce(quantity_kg, {{ earlier }}) is not null
            then coalesce(quantity_kg, 0) - coalesce({{ earlier }}, 0)
    end
{%- endmacro %}
