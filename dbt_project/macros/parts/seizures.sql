{#- Parts of the figures about seizures: what each row of fct_seizures adds to them. -#}

{% macro seizures_by_month_parts() -%}
    {{ seizures_by({
        'country_code': 'country_code', 'month_date': 'reporting_month',
        'drug_code': 'drug_code'
    }) }}
{%- endmacro %}

{% macro precursors_by_month_parts() -%}
    {{ seizures_by({
        'country_code': 'country_code', 'month_date': 'reporting_month',
        'drug_code': 'drug_code'
    }) }}
    where drug_code in (
        select drugs.drug_code
        from {{ ref('dim_drugs') }} as drugs
        where drugs.is_precursor
    )
{%- endmacro %}

{% macro seizures_by_year_parts() -%}
    {{ seizures_by({
        'country_code': 'country_code',
        'calendar_year': 'cast(year(reporting_month) as integer)',
        'drug_code': 'drug_code'
    }) }}
{%- endmacro %}

{% macro seizures_by_counted_unit_parts() -%}
    {{ seizures_by({
        'country_code': 'country_code',
        'calendar_year': 'cast(year(reporting_month) as integer)',
        'drug_code': 'drug_code', 'counted_unit_code': 'counted_unit_code'
    }) }}
    where counted_unit_code is not null
{%- endmacro %}

{% macro region_by_year_parts() -%}
    {{ seizures_by({
        'calendar_year': 'cast(year(reporting_month) as integer)',
        'drug_code': 'drug_code', 'country_code': 'country_code'
    }) }}
{%- endmacro %}

{% macro seizures_by_border_point_parts() -%}
    {{ seizures_by({
        'country_code': 'country_code',
        'border_point_code': "coalesce(border_point_code, 'NOT_ANSWERED')",
        'calendar_year': 'cast(year(reporting_month) as integer)',
        'drug_code': 'drug_code'
    }) }}
{%- endmacro %}

{% macro routes_parts() -%}
    {{ seizures_by({
        'producing_country_code': "coalesce(producing_country_code, 'NOT_ANSWERED')",
        'departure_country_code': "coalesce(departure_country_code, 'NOT_ANSWERED')",
        'destination_country_code': "coalesce(destination_country_code, 'NOT_ANSWERED')",
        'drug_code': 'drug_code', 'country_code': 'country_code',
        'calendar_year': 'cast(year(reporting_month) as integer)'
    }) }}
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
        presumed_duplicate_count,
        quantity_kg,
        quantity_kg_without_duplicates,
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
        seizures.presumed_duplicate_count,
        seizures.quantity_kg,
        seizures.quantity_kg_without_duplicates,
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
        presumed_duplicate_count,
        quantity_kg,
        if(is_presumed_duplicate, null, quantity_kg) as counted_kg,
        questioned_kg
    from {{ placed_seizures() }} as seizures
{%- endmacro %}
