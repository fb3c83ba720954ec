{{ config(
    needed="create table if not exists intermediate.fct_seizure_matches_changed (slice_key date);"
) }}

-- Pairs of seizures that may be one event, and the reasons for and against it: those with
-- a seizure of a day that has changed, or whose later one is of a day that is built at a
-- time.

with widest as (

    select
        max(days_apart) as days_apart,
        max(alike_count) as alike_count,
        max(rounding_pct) / 100 as rounding_ratio
    from {{ ref('match_limits') }}

),

{{ near_seizures(ref('int_seizures_described')) }}
{{ common_records(ref('int_seizures_described')) }},

{{ paired_seizures('near') }},

{{ sides_of_pairs('near') }},

paired as (

    select
        a.seizure_id as seizure_id_a,
        b.seizure_id as seizure_id_b,
        a.seizure_number as number_a,
        b.seizure_number as number_b,
        a.country_code as country_code_a,
        b.country_code as country_code_b,
        a.drug_code,
        a.measure,
        a.amount as amount_a,
        b.amount as amount_b,
        a.digits_count,
        a.seizure_date as seizure_date_a,
        b.seizure_date as seizure_date_b,
        b.seizure_date - a.seizure_date as days_apart,
        case
            when a.answers_hash = b.answers_hash then 'REPEATED'
            when a.country_code = b.country_code then 'WITHIN'
            else 'ACROSS'
        end as match_kind,
        {{ compared_answers() }}
    from pairs
    inner join sides as a on pairs.number_a = a.seizure_number
    inner join sides as b on pairs.number_b = b.seizure_number

),

compared as (

    select
        paired.*,
        limits.least_score,
        paired.difference_ratio <= 1e-9 as is_same_quantity,
        paired.difference_ratio > 1e-9
        and paired.is_within_last_digit
        and paired.difference_ratio <= limits.rounding_pct / 100 as is_rounded_quantity,
        paired.is_same_point
        or paired.place_similarity >= limits.place_similarity as is_same_place
    from paired
    left join {{ ref('match_limits') }} as limits on paired.match_kind = limits.kind
    where
        paired.match_kind = 'REPEATED'
        or (paired.days_apart <= limits.days_apart and paired.is_nth_of_both)

)

select
    *,
    -- One reason of each aspect, the strongest; what a side has not answered gives none.
    {{ match_reasons() }} as reasons
from compared
where
    (
        match_kind = 'REPEATED'
        or is_same_quantity
        or is_rounded_quantity
        or is_same_record
    )
    and {{ is_of_changed_slice(
        'intermediate.fct_seizure_matches_changed', ['seizure_date_a', 'seizure_date_b'],
        own='seizure_date_b'
    ) }}
