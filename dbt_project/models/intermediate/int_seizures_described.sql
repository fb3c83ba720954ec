{{ config(
    materialized='slices',
    made_of='select * from intermediate.fct_seizures_made_of',
    slice_columns=['submission_id'],
    row_counts="select submission_id as slice_key, count(*) as row_count from marts.fct_seizures group by all"
) }}

-- What matching compares of a seizure: its amount, and what its codes and place name.
with seizures as (

    select
        facts.*,
        coalesce(reports.reporting_month, facts.reporting_month) as report_month_date
    from {{ ref('fct_seizures') }} as facts
    left join {{ ref('int_submissions_decided') }} as reports
        on facts.submission_id = reports.submission_id
    where {{ is_of_changed_slice(
        'intermediate.int_seizures_described_changed', ['facts.submission_id'], 'facts.submission_id'
    ) }}

),

{{ measured_seizures('seizures') }},

numbered as (

    select
        seizure_id,
        submission_id,
        country_code,
        drug_code,
        seizure_date,
        measure,
        amount,
        quantity,
        written,
        unit_code,
        record_id,
        place,
        place_key,
        subdivision_code,
        border_point_code,
        departure_country_code,
        destination_country_code,
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
