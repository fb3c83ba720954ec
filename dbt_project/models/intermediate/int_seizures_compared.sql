-- Pairs of seizures that may be one event, and the reasons for and against it: the same
-- drug within the days of their kind, and the same amount or the same record number.
with described as (

    select * from {{ ref('int_seizures_described') }}

),

days as (

    select
        unnest(range(max(days_apart) + 1)) as days_apart,
        max(rounding_pct) / 100 as rounding_ratio
    from {{ ref('match_limits') }}

),

-- Each pair once; the earlier seizure is a.
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
        a.counting_rank as counting_rank_a,
        b.counting_rank as counting_rank_b,
        days.days_apart,
        case
            when a.answers_hash = b.answers_hash then 'REPEATED'
            when a.country_code = b.country_code then 'WITHIN'
            else 'ACROSS'
        end as match_kind,
        -- Twins of one submission are set against those of another report one by one.
        a.repetition_number = b.repetition_number as is_nth_of_both,
        abs(a.amount - b.amount) / greatest(a.amount, b.amount) as difference_ratio,
        -- The finer number, rounded or cut off at the last digit of the coarser one.
        abs(a.amount - b.amount) < (1 - 1e-9) * greatest(a.last_digit, b.last_digit)
        and greatest(a.last_digit, b.last_digit)
        > 1.5 * least(a.last_digit, b.last_digit) as is_within_last_digit,
        a.unit_code <> b.unit_code as has_different_units,
        a.country_code = b.country_code
        and coalesce(a.record_id = b.record_id, false) as is_same_record,
        a.country_code = b.country_code
        and coalesce(a.record_id <> b.record_id, false) as is_other_record,
        coalesce(jaro_winkler_similarity(a.place_key, b.place_key), 0)
            as place_similarity,
        coalesce(list_has_any(a.border_point_codes, b.border_point_codes), false)
            as is_same_point,
        coalesce(list_has_any(a.subdivision_codes, b.subdivision_codes), false)
            as is_same_province,
        coalesce(len(a.subdivision_codes) > 0 and len(b.subdivision_codes) > 0, false)
            as has_provinces,
        coalesce(list_has_any(a.counterpart_codes, b.border_point_codes), false)
        or coalesce(list_has_any(b.counterpart_codes, a.border_point_codes), false)
            as is_crossing_pair,
        coalesce(list_contains(a.neighbour_country_codes, b.country_code), false)
        or coalesce(list_contains(b.neighbour_country_codes, a.country_code), false)
            as is_facing,
        coalesce(a.departure_country_code = b.departure_country_code, false)
        or coalesce(a.destination_country_code = b.destination_country_code, false)
            as is_same_route,
        coalesce(a.departure_country_code <> b.departure_country_code, false)
        or coalesce(a.destination_country_code <> b.destination_country_code, false)
            as is_other_route,
        a.country_code <> b.country_code
        and (
            coalesce(a.departure_country_code = b.country_code, false)
            or coalesce(a.destination_country_code = b.country_code, false)
            or coalesce(b.departure_country_code = a.country_code, false)
            or coalesce(b.destination_country_code = a.country_code, false)
        ) as is_linked_route
    from described as a
    cross join days
    inner join described as b
        on
            a.drug_code = b.drug_code
            and a.measure = b.measure
            and a.seizure_date + cast(days.days_apart as integer) = b.seizure_date
            and a.seizure_number < b.seizure_number
    -- Before anything dear is compared: most pairs are of quite other amounts.
    where
        abs(a.amount - b.amount) <= days.rounding_ratio * greatest(a.amount, b.amount)
        or a.record_id = b.record_id

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
    list_filter([
        'ANY_PAIR',
        case
            when is_same_quantity then 'SAME_QUANTITY_' || least(digits_count, 3)
            when is_rounded_quantity then 'ROUNDED_QUANTITY'
            else 'OTHER_QUANTITY'
        end,
        if(days_apart = 0, 'SAME_DAY', 'NEAR_DAY'),
        case
            when is_crossing_pair then 'CROSSING_PAIR'
            when is_same_place then 'SAME_PLACE'
            when is_same_province then 'SAME_PROVINCE'
            when is_facing then 'FACING_POINT'
            when has_provinces then 'OTHER_PROVINCE'
        end,
        if(has_different_units, 'OTHER_UNIT', 'SAME_UNIT'),
        case
            when is_linked_route then 'LINKED_ROUTE'
            when is_same_route then 'SAME_ROUTE'
            when is_other_route then 'OTHER_ROUTE'
        end,
        case
            when is_same_record then 'SAME_RECORD'
            when is_other_record then 'OTHER_RECORD'
        end
    ], reason -> reason is not null) as reasons
from compared
where
    match_kind = 'REPEATED'
    or is_same_quantity
    or is_rounded_quantity
    or is_same_record
