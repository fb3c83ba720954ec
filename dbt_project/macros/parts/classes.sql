{#- Parts of the figures about classes of drugs and tables of precursors: what each row of
    fct_seizures adds to them. -#}

{% macro national_totals_parts() -%}
    select
        parts.*,
        drugs.unodc_class_code,
        1 as seizures_count,
        if(parts.equivalent_kg is null, 0, 1) as equivalent_count,
        if(parts.equivalent_kg is null or parts.quantity_kg is not null, 0, 1)
            as converted_count
    from ({{ seizures_by_year_parts() }}) as parts
    inner join {{ ref('dim_drugs') }} as drugs
        on parts.drug_code = drugs.drug_code
{%- endmacro %}

{% macro precursors_by_table_parts() -%}
    select
        parts.*,
        case
            when tables.un_table_code is not null then tables.un_table_code
            when parts.drug_code in ('PRECURSORS_OTHER', 'PRECURSORS_UNSPEC') then 'UNKNOWN'
            else 'NONE'
        end as un_table_code,
        1 as seizures_count,
        if(parts.quantity is null, 0, 1) as known_quantity_count
    from ({{ seizures_by_year_parts() }}) as parts
    inner join {{ ref('dim_drugs') }} as drugs
        on parts.drug_code = drugs.drug_code and drugs.is_precursor
    left join (
        select distinct
            drug_code,
            un_table_code
        from {{ ref('dim_precursors') }}
    ) as tables
        on parts.drug_code = tables.drug_code
{%- endmacro %}
