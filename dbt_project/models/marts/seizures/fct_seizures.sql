{{ config(
    materialized='slices',
    made_of=submissions_in_force(
        'seizures', judged=true,
        seeds=['drugs', 'opiate_equivalents', 'significance_thresholds', 'units']
    ),
    slice_columns=['submission_id']
) }}

{{ accepted_rows('seizures', [
    'admin_division', 'border_point', 'routing', 'drug', 'unit', 'hiding_place', 'agency',
    'installation', 'detection_method', 'transport_mode', 'producing_country',
    'departure_country', 'transit_country', 'destination_country', 'source_class'
], model='fct_seizures') }},

{{ located_rows() }},

{{ joined_events() }},

{{ significant_events() }},

repeated as (

    select seizure_id
    from {{ ref('int_seizures_described') }}
    where repetition_number > 1

)

select
    accepted.row_id as seizure_id,
    accepted.country_code,
    {{ resolved_places() }},
    {{ shared_text('place', 'null') }},
    accepted.routing_code,
    accepted.drug_code,
    accepted.unit_code,
    if(accepted.quantity_count is null, null, units.counted_unit_code)
        as counted_unit_code,
    accepted.hiding_place_code,
    accepted.installation_code,
    accepted.detection_method_code,
    accepted.transport_mode_code,
    accepted.producing_country_code,
    accepted.departure_country_code,
    accepted.transit_country_code,
    accepted.destination_country_code,
    accepted.agency_code,
    coalesce(accepted.source_class_code, 'OFFICIAL') as source_class_code,
    {{ shared_text('record_id', 'null') }},
    {{ event_of_a_row() }},
    cast(accepted.detained_count as bigint) as detained_count,
    accepted.quantity,
    accepted.quantity_kg,
    accepted.quantity_litres,
    accepted.quantity_count,
    accepted.equivalent_kg,
    {{ is_questioned() }} as is_questioned,
    accepted.quantity_kg * if(is_questioned, 1, 0) as questioned_kg,
    presumed.seizure_id is not null as is_presumed_duplicate,
    presumed.counted_seizure_id,
    repeated.seizure_id is not null as is_repeated,
    accepted.quantity_kg * opiates.heroin_kg_per_kg as heroin_equivalent_kg,
    accepted.quantity_kg * opiates.lowest_heroin_kg_per_kg as lowest_heroin_equivalent_kg,
    accepted.quantity_kg * opiates.highest_heroin_kg_per_kg
        as highest_heroin_equivalent_kg,
    accepted.purity_pct,
    accepted.quantity_kg * accepted.purity_pct / 100 as pure_kg,
    accepted.conversion_id,
    accepted.equivalent_conversion_id,
    {{ counted_month('accepted', 'seizure_date') }} as reporting_month,
    accepted.seizure_date,
    {{ row_origin() }}
from cases as accepted
{{ join_events() }}
{{ join_questioned('accepted', 'sheet_sent') }}
left join {{ ref('units') }} as units
    on coalesce(accepted.unit_code, accepted.quantity_unit_code) = units.code
left join {{ ref('int_duplicates_presumed') }} as presumed
    on accepted.row_id = presumed.seizure_id
left join repeated on accepted.row_id = repeated.seizure_id
left join {{ ref('opiate_equivalents') }} as opiates
    on
        accepted.drug_code = opiates.drug_code
        and {{ counted_month('accepted', 'seizure_date') }}
        between opiates.valid_from
        and coalesce(opiates.valid_to, date '9999-12-31')
order by accepted.row_id
