{#- Parts of the figures about cases: what each row of fct_seizures that is no presumed
    double report adds to them. -#}

{#- Rows of cases of several rows, and those that are significant alone. -#}
{% macro significant_seizures_parts() -%}
    select
        seizures.*,
        seizures.seizure_id as row_id,
        drugs.drug_group_code,
        drugs.is_plant,
        thresholds.threshold_equivalent_kg,
        1 as seizures_count
    from {{ placed_seizures() }} as seizures
    inner join {{ ref('dim_drugs') }} as drugs on seizures.drug_code = drugs.drug_code
    left join {{ ref('significance_thresholds') }} as thresholds
        on
            drugs.drug_group_code = thresholds.drug_group_code
            and drugs.is_plant = thresholds.is_plant
    where
        not seizures.is_presumed_duplicate
        and (
            seizures.event_basis is not null
            or seizures.equivalent_kg >= thresholds.threshold_equivalent_kg
        )
{%- endmacro %}

{#- A case is found once, whatever its drugs: its first row is the find. -#}
{% macro offices_by_month_parts() -%}
    select
        seizure_id as row_id,
        submission_id,
        country_code,
        border_point_code,
        reporting_month as month_date,
        if(
            row_number() over (partition by event_id order by seizure_id) = 1, 1, 0
        ) as finds_count
    from {{ ref('fct_seizures') }}
    where border_point_code is not null and not is_presumed_duplicate
{%- endmacro %}
