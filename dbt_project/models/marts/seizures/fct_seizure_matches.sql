{{ config(
    materialized='slices',
    made_of=days_of_seizures(),
    slice_columns=['seizure_date_a', 'seizure_date_b'],
    row_counts="select seizure_date as slice_key, count(*) as row_count from intermediate.int_seizures_described group by all"
) }}

-- Fellegi and Sunter 1969: each reason weighs log2(m / u) bits; those of a pair add up.
with weights as (

    select
        kind,
        map(list(rule), list(log2(m / u))) as bits
    from {{ ref('match_weights') }}
    group by kind

),

weighed as (

    select
        compared.*,
        if(
            weights.kind is null,
            null,
            list_sum(
                list_transform(
                    compared.reasons, reason -> coalesce(weights.bits[reason], 0)
                )
            )
        ) as weight_bits
    from {{ ref('int_seizures_compared') }} as compared
    left join weights on compared.match_kind = weights.kind

),

scored as (

    select
        *,
        1 / (1 + pow(2, -weight_bits)) as score,
        coalesce(1 / (1 + pow(2, -weight_bits)) >= least_score, false)
            as is_presumed_duplicate
    from weighed

)

select
    seizure_id_a,
    seizure_id_b,
    match_kind,
    country_code_a,
    country_code_b,
    drug_code,
    measure,
    amount_a,
    amount_b,
    100 * difference_ratio as difference_pct,
    days_apart,
    days_apart = 0 as is_same_day,
    is_same_quantity,
    coalesce(is_rounded_quantity, false) as is_rounded_quantity,
    has_different_units,
    coalesce(is_same_place, is_same_point or place_similarity = 1) as is_same_place,
    is_same_province,
    is_crossing_pair,
    is_facing,
    is_same_route,
    is_linked_route,
    is_same_record,
    array_to_string(list_filter(reasons, reason -> reason <> 'ANY_PAIR'), ' ') as reasons,
    weight_bits,
    score,
    is_presumed_duplicate,
    case
        when not is_presumed_duplicate then null
        when is_a_counted then seizure_id_b
        else seizure_id_a
    end as duplicate_seizure_id,
    seizure_date_a,
    seizure_date_b
from scored
order by number_a, number_b
