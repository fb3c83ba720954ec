{{ config(
    materialized='slices',
    made_of=submissions_in_force('seizures'),
    slice_columns=['submission_id'],
    row_counts="select submission_id as slice_key, row_count from intermediate.int_landings_current where table_name = 'seizures'"
) }}

-- What matching compares of a seizure: its amount, and what its codes and place name.
{{ accepted_rows('seizures', [
    'admin_division', 'border_point', 'routing', 'drug', 'unit', 'hiding_place',
    'installation', 'detection_method', 'transport_mode', 'producing_country',
    'departure_country', 'destination_country', 'agency', 'source_class'
], model='int_seizures_described', in_batches=true) }},

seizures as (

    select
        accepted.* exclude (place, record_id, source_class_code), -- noqa: RF02
        accepted.row_id as seizure_id,
        accepted.admin_division_code as subdivision_code,
        {{ shared_text('place', 'null') }},
        {{ shared_text('record_id', 'null') }},
        coalesce(accepted.source_class_code, 'OFFICIAL') as source_class_code
    from accepted

),

{{ measured_seizures('seizures') }},

numbered as (

    select
        *,
        {{ number_of_a_seizure() }} as seizure_number,
        {{ answers_of_a_seizure() }}
    from measured

),

{{ repeated_seizures('numbered') }},

{{ located_seizures('numbered') }}

select
    numbered.seizure_id,
    numbered.seizure_number,
    numbered.submission_id,
    numbered.country_code,
    numbered.drug_code,
    numbered.seizure_date,
    numbered.measure,
    numbered.amount,
    -- Equal up to a part in ten million: 300 g and 0.3 kg may differ in the last bit. An
    -- amount of 1e-323 g is none of a kilogram: it has no key and no pair.
    cast(round(1e7 * ln(nullif(numbered.amount, 0))) as bigint) as amount_key,
    {{ last_digit() }},
    numbered.unit_code,
    numbered.record_id,
    numbered.place_key,
    located.subdivision_codes,
    located.border_point_codes,
    located.counterpart_codes,
    located.neighbour_country_codes,
    nullif(numbered.departure_country_code, 'UNKNOWN') as departure_country_code,
    nullif(numbered.destination_country_code, 'UNKNOWN') as destination_country_code,
    numbered.answers_hash,
    coalesce(repeated.repetition_number, 1) as repetition_number,
    numbered.answers_count,
    len(located.ground_country_codes) > 0
    and not list_contains(located.ground_country_codes, numbered.country_code)
        as is_on_other_ground
from numbered
left join repeated on numbered.seizure_number = repeated.seizure_number
left join located
    on
        numbered.country_code = located.country_code
        and numbered.place is not distinct from located.place
        and numbered.subdivision_code is not distinct from located.subdivision_code
        and numbered.border_point_code is not distinct from located.border_point_code
