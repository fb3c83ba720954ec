{#- What each drug counts in: itself, its class, and all. A common table expression
    `levels`; drug_level_name is the list of codes that has the other column. -#}
{% macro drug_levels() -%}
levels as (

    {% for level, code in {
        'drugs': 'drug_code', 'unodc_classes': 'unodc_class_code',
        'change_terms': "'ALL_DRUGS'"
    }.items() -%}
    select
        drug_code,
        '{{ level }}' as drug_level_name,
        {{ code }} as drug_or_class_code
    from {{ ref('dim_drugs') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)
{%- endmacro %}
