{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('seizures', {
    'record_id': 'reference',
    'seizure_date': 'date',
    'stated_country': 'countries',
    'stated_iso3': 'countries',
    'region': 'string',
    'subregion': 'string',
    'admin_division': 'subdivisions',
    'border_point': 'border_points',
    'place': 'prose',
    'routing': 'routings',
    'drug': 'drugs',
    'quantity': 'quantity',
    'unit': 'units',
    'purity_pct': 'number',
    'hiding_place': 'hiding_places',
    'installation': 'installations',
    'detection_method': 'detection_methods',
    'transport_mode': 'transport_modes',
    'producing_country': 'countries',
    'departure_country': 'countries',
    'transit_country': 'countries',
    'destination_country': 'countries',
    'detained_count': 'integer',
    'agency': 'agencies',
    'source_class': 'source_classes',
    'source': 'string',
    'reporting_channel': 'string',
    'notes': 'prose',
}, unasked=[
    'stated_country', 'stated_iso3', 'region', 'subregion', 'transit_country', 'detained_count',
    'source_class', 'source', 'reporting_channel'
]) }},

measured as (

    select
        typed.*,
        cell_unit.code as quantity_unit_code,
        coalesce(typed.unit_code, cell_unit.code) as measured_unit_code,
        coalesce(typed.seizure_date, typed.reporting_month) as measured_date,
        {{ fact_code('drug', 'typed') }} as known_drug_code
    from typed
    left join spellings as cell_unit
        on
            cell_unit.codelist = 'units'
            and typed.country_code = cell_unit.country_code
            and {{ spelling_key('typed.quantity_unit_text') }} = cell_unit.spelling_key

)

select
    measured.* exclude (measured_unit_code, measured_date, known_drug_code), -- noqa: RF02
    measured.quantity * mass.factor as quantity_kg,
    measured.quantity * volume.factor as quantity_litres,
    measured.quantity * units_counted.factor as quantity_count,
    coalesce(mass.conversion_id, volume.conversion_id, units_counted.conversion_id)
        as conversion_id,
    measured.quantity * coalesce(mass.factor, equivalent.factor) as equivalent_kg,
    coalesce(mass.conversion_id, equivalent.conversion_id) as equivalent_conversion_id
from measured
{{ join_conversion('mass', 'kg') }}
{{ join_conversion('volume', 'litres') }}
{{ join_conversion('units_counted', 'count') }}
{{ join_conversion('equivalent', 'equivalent_kg') }}
