{#- Parts of the figures about how a seizure was found and hidden and how heavy it was:
    what each row of fct_seizures adds to them. -#}

{% macro seizures_by_context_parts() -%}
    {% for codelist, column in {
        'agencies': 'agency_code', 'detection_methods': 'detection_method_code',
        'hiding_places': 'hiding_place_code', 'installations': 'installation_code',
        'routings': 'routing_code', 'transport_modes': 'transport_mode_code'
    }.items() -%}
    select
        {{ seizure_of_year() }},
        drug_code,
        '{{ codelist }}' as dimension_name,
        coalesce({{ column }}, 'NOT_ANSWERED') as dimension_code,
        1 as seizures_count,
        presumed_duplicate_count,
        if(is_repeated, 1, 0) as repeated_count,
        quantity_kg,
        quantity_kg_without_duplicates,
        questioned_kg,
        questioned_kg_without_duplicates
    from {{ placed_seizures() }} as seizures
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}

{% macro seizures_by_weight_class_parts() -%}
    select
        {{ seizure_of_year('seizures.') }},
        seizures.drug_code,
        classes.code as weight_class_code,
        1 as seizures_count,
        seizures.presumed_duplicate_count,
        seizures.quantity_kg,
        seizures.quantity_kg_without_duplicates,
        seizures.questioned_kg,
        seizures.questioned_kg_without_duplicates
    from {{ placed_seizures() }} as seizures
    inner join {{ ref('weight_classes') }} as classes
        on
            seizures.quantity_kg >= classes.from_kg
            and seizures.quantity_kg < coalesce(classes.below_kg, 'infinity')
{%- endmacro %}

{% macro seizure_sizes_parts() -%}
    select
        {{ seizure_of_year() }},
        drug_code,
        if(quantity_kg is null, 0, 1) as weighed_count,
        presumed_duplicate_count,
        quantity_kg,
        if(is_presumed_duplicate, null, quantity_kg) as counted_kg,
        questioned_kg
    from {{ placed_seizures() }} as seizures
{%- endmacro %}
