{#- Which seizures of one drug and of near days are compared: those of one quantity, those
    of which one may be the other rounded, and those under one record number. Common table
    expressions, the last `pairs`, of which `number_a` is the earlier seizure.

    All three are found by equal keys, so that the time grows with the pairs found and not
    with the square of the seizures. What very many share would still pair with each
    other; it speaks for no pair, and is left out beyond `alike_count`. -#}
{% macro paired_seizures(relation) -%}
telling as (

    select
        *,
        -- An amount of 1e-323 g is none of a kilogram: it has no key and no pair.
        cast(round(1e7 * ln(nullif(amount, 0))) as bigint) as amount_key,
        round(log10(nullif(last_digit, 0)), 6) as digit_level
    from {{ relation }} as described
    qualify
        count(*) over (partition by drug_code, measure, seizure_date, amount_key)
        <= alike_count

),

-- A difference of one part in a billion may fall to either side of the edge of a key.
of_one_amount as (

    select
        a.seizure_number as number_a,
        b.seizure_number as number_b
    from (
        select
            *,
            unnest(range(days_apart + 1)) as after_days
        from (
            select
                *,
                unnest(range(amount_key - 1, amount_key + 2)) as near_key
            from telling
        ) as keyed
    ) as a
    inner join telling as b
        on
            a.drug_code = b.drug_code
            and a.measure = b.measure
            and a.near_key = b.amount_key
            and a.seizure_date + cast(a.after_days as integer) = b.seizure_date
            and a.seizure_number < b.seizure_number

),

-- Where an amount lies in the grids of all coarser last digits of its drug.
gridded as (

    select
        fine.seizure_number,
        fine.drug_code,
        fine.measure,
        fine.seizure_date,
        coarser.digit_level,
        floor(fine.amount / pow(10, coarser.digit_level)) as cell
    from telling as fine
    inner join (
        select distinct
            drug_code,
            measure,
            digit_level
        from telling
    ) as coarser
        on
            fine.drug_code = coarser.drug_code
            and fine.measure = coarser.measure
            and fine.digit_level < coarser.digit_level

),

of_a_rounded_amount as (

    select
        least(coarse.seizure_number, gridded.seizure_number) as number_a,
        greatest(coarse.seizure_number, gridded.seizure_number) as number_b
    from (
        select
            *,
            unnest(range(-days_apart, days_apart + 1)) as after_days
        from (
            select
                *,
                unnest([-1, 0, 1])
                + floor(amount / pow(10, digit_level)) as near_cell
            from telling
        ) as keyed
    ) as coarse
    inner join gridded
        on
            coarse.drug_code = gridded.drug_code
            and coarse.measure = gridded.measure
            and coarse.digit_level = gridded.digit_level
            and coarse.near_cell = gridded.cell
            and coarse.seizure_date + cast(coarse.after_days as integer)
            = gridded.seizure_date

),

of_one_record as (

    select
        a.seizure_number as number_a,
        b.seizure_number as number_b
    from {{ relation }} as a
    inner join {{ relation }} as b
        on
            a.country_code = b.country_code
            and a.record_id = b.record_id
            and a.drug_code = b.drug_code
            and a.measure = b.measure
            and a.seizure_number < b.seizure_number
    where b.seizure_date - a.seizure_date <= a.days_apart

),

pairs as (

    select * from of_one_amount
    union distinct
    select * from of_a_rounded_amount
    union distinct
    select * from of_one_record

)
{%- endmacro %}
