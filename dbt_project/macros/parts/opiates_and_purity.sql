{#- Parts of the figures about opiates and purity: what each row of fct_seizures adds. -#}

{% macro opiates_by_year_parts() -%}
    select
        {{ seizure_of_year() }},
        1 as weighed_count,
        presumed_duplicate_count,
        {% for counted in ['', '_without_duplicates'] -%}
        {% for drug in ['opium', 'morphine', 'heroin'] -%}
        if(drug_code = '{{ drug | upper }}', quantity_kg{{ counted }}, null)
            as {{ drug }}_kg{{ counted }},
        {% endfor -%}
        heroin_equivalent_kg{{ counted }} * if(is_questioned, 1, 0)
            as questioned_heroin_equivalent_kg{{ counted }},
        {% for bound in ['', 'lowest_', 'highest_'] -%}
        {{ bound }}heroin_equivalent_kg{{ counted }},
        {% endfor -%}
        {% endfor -%}
        reporting_month
    from {{ placed_seizures() }} as seizures
    where heroin_equivalent_kg is not null
{%- endmacro %}

{% macro purity_by_year_parts() -%}
    select
        {{ seizure_of_year() }},
        drug_code,
        purity_pct,
        if(purity_pct is null, 0, 1) as measured_count,
        if(pure_kg is null, 0, 1) as measured_weighed_count,
        presumed_duplicate_count,
        {% for counted in ['', '_without_duplicates'] -%}
        quantity_kg{{ counted }},
        if(pure_kg is null, null, quantity_kg{{ counted }}) as measured_kg{{ counted }},
        pure_kg{{ counted }},
        questioned_kg{{ counted }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ placed_seizures() }} as seizures
{%- endmacro %}
