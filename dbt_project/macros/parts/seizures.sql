{#- Parts of the figures about seizures: what each row of fct_seizures adds to them. -#}

{% macro seizures_by_month_parts() -%}
    with presumed as (

        select
            duplicate_seizure_id as seizure_id,
            min(if(duplicate_seizure_id = seizure_id_a, seizure_id_b, seizure_id_a))
                as counted_seizure_id
        from {{ ref('fct_seizure_matches') }}
        where is_presumed_duplicate
        group by duplicate_seizure_id

    )

    select
        seizures.seizure_id as row_id,
        seizures.row_place,
        seizures.submission_id,
        presumed.counted_seizure_id as other_row_id,
        seizures.country_code,
        seizures.reporting_month as month_date,
        seizures.drug_code,
        seizures.quantity,
        seizures.questioned_kg,
        if(seizures.is_questioned, 1, 0) as questioned_count,
        {% for measure in [
            'quantity_kg', 'quantity_litres', 'quantity_count', 'equivalent_kg'
        ] -%}
        seizures.{{ measure }},
        -- A presumed duplicate counts as 0 here; null stays null.
        seizures.{{ measure }} * if(presumed.seizure_id is null, 1, 0)
            as {{ measure }}_without_duplicates,
        {% endfor -%}
        if(presumed.seizure_id is null, 0, 1) as presumed_duplicate_count
    from {{ placed_seizures() }} as seizures
    left join presumed on seizures.seizure_id = presumed.seizure_id
{%- endmacro %}

{% macro seizures_by_context_parts() -%}
    {% for codelist, column in {
        'hiding_places': 'hiding_place_code', 'installations': 'installation_code',
        'routings': 'routing_code', 'transport_modes': 'transport_mode_code'
    }.items() -%}
    select
        seizure_id as row_id,
        row_place,
        submission_id,
        country_code,
        cast(year(reporting_month) as integer) as calendar_year,
        drug_code,
        '{{ codelist }}' as dimension_name,
        coalesce({{ column }}, 'NOT_ANSWERED') as dimension_code,
        1 as seizures_count,
        quantity_kg,
        questioned_kg
    from {{ placed_seizures() }} as seizures
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}

{% macro seizures_by_weight_class_parts() -%}
    select
        seizures.seizure_id as row_id,
        seizures.row_place,
        seizures.submission_id,
        seizures.country_code,
        cast(year(seizures.reporting_month) as integer) as calendar_year,
        seizures.drug_code,
        classes.code as weight_class_code,
        1 as seizures_count,
        seizures.quantity_kg,
        seizures.questioned_kg
    from {{ placed_seizures() }} as seizures
    inner join {{ ref('weight_classes') }} as classes
        on
            seizures.quantity_kg >= classes.from_kg
            and seizures.quantity_kg < coalesce(classes.below_kg, 'infinity')
{%- endmacro %}

{% macro seizure_sizes_parts() -%}
    select
        seizure_id as row_id,
        row_place,
        submission_id,
        country_code,
        cast(year(reporting_month) as integer) as calendar_year,
        drug_code,
        if(quantity_kg is null, 0, 1) as weighed_count,
        quantity_kg,
        questioned_kg
    from {{ placed_seizures() }} as seizures
{%- endmacro %}
