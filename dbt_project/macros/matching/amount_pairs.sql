{#- Pairs of one amount: a common table expression `of_one_amount`. -#}
{% macro equal_amounts(relation) -%}
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
            from {{ relation }}
        ) as neighbours
    ) as a
    inner join {{ relation }} as b
        on
            a.drug_code = b.drug_code
            and a.measure = b.measure
            and a.near_key = b.amount_key
            and a.seizure_date + cast(a.after_days as integer) = b.seizure_date
            and a.seizure_number < b.seizure_number

)
{%- endmacro %}

{#- Pairs of which one amount may be the other rounded: a common table expression
    `of_a_rounded_amount`. -#}
{% macro rounded_amounts(relation) -%}
-- Where an amount lies in the grids of all coarser last digits of its drug.
gridded as (

    select
        fine.seizure_number,
        fine.drug_code,
        fine.measure,
        fine.seizure_date,
        coarser.digit_level,
        floor(fine.amount / pow(10, coarser.digit_level)) as cell
    from {{ relation }} as fine
    inner join (
        select distinct
            drug_code,
            measure,
            digit_level
        from {{ relation }}
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
            from {{ relation }}
        ) as neighbours
    ) as coarse
    inner join gridded
        on
            coarse.drug_code = gridded.drug_code
            and coarse.measure = gridded.measure
            and coarse.digit_level = gridded.digit_level
            and coarse.near_cell = gridded.cell
            and coarse.seizure_date + cast(coarse.after_days as integer)
            = gridded.seizure_date

)
{%- endmacro %}
