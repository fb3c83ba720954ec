{{ config(materialized='table') }}

-- Which seizures another row presumably tells too, and which row counts in their place:
-- of pairs of fct_seizure_matches, within one state and across states, the other side.
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
    presumed.seizure_id,
    presumed.counted_seizure_id,
    described.submission_id
from presumed
inner join {{ ref('int_seizures_described') }} as described
    on presumed.seizure_id = described.seizure_id
