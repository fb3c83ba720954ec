{#- Parts of the figures about seizures: what each row of fct_seizures adds to them. -#}

{% macro seizures_by_month_parts() -%}
    {{ seizures_by({
        'country_code': 'country_code', 'month_date': 'reporting_month',
        'drug_code': 'drug_code'
    }) }}
{%- endmacro %}

{% macro precursors_by_month_parts() -%}
    {{ seizures_by_month_parts() }}
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

{% macro seizures_by_province_parts() -%}
    {{ seizures_by({
        'country_code': 'country_code',
        'subdivision_code': "coalesce(subdivision_code, if(place is null and border_point_code is null, "
            ~ "'NOT_ANSWERED', 'PLACE_NOT_RESOLVED'))",
        'calendar_year': 'cast(year(reporting_month) as integer)',
        'drug_code': 'drug_code',
        'seizures_count': '1',
        'stated_count': "if(subdivision_basis = 'STATED', 1, 0)",
        'named_by_place_count': "if(subdivision_basis = 'PLACE', 1, 0)",
        'of_border_point_count': "if(subdivision_basis = 'BORDER_POINT', 1, 0)",
        'same_place_count': "if(subdivision_basis = 'SAME_PLACE', 1, 0)"
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
