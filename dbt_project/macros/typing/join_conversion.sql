{#- Join that finds the factor valid on the day of the seizure; stg_conversions settled
    that one of the drug itself goes before the general one. -#}
{% macro join_conversion(alias, measure) -%}
    left join {{ ref('stg_conversions') }} as {{ alias }}
        on {{ alias }}.measure = '{{ measure }}'
        and {{ alias }}.unit_code = measured.measured_unit_code
        and {{ alias }}.drug_code = measured.known_drug_code
        and measured.measured_date between {{ alias }}.valid_from and {{ alias }}.valid_to
{%- endmacro %}
