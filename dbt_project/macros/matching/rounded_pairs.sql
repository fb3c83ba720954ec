{#- Pairs of which one amount may be the other rounded: a common table expression
    `of_a_rounded_amount`. -#}
{% macro rounded_amounts(relation) -%}
levels as (

    select
        kind_number,
        digit_level,
        any_value(rounding_ratio) as rounding_ratio,
        min(amount) as least_amount,
        max(amount) as largest_amount
    from {{ relation }} as keyed
    group by kind_number, digit_level

),

-- Where an amount lies in the grids of all coarser last digits of its drug with which
-- amounts as large as this were written; a part in a thousand more, for the last bit.
gridded as (

    select
        fine.*,
        coarser.digit_level as grid_level,
        floor(fine.amount / pow(10, coarser.digit_level)) as cell
    from {{ relation }} as fine
    inner join levels as coarser
        on
            fine.kind_number = coarser.kind_number
            and fine.digit_level < coarser.digit_level
            and fine.amount
            >= 0.999 * (1 - coarser.rounding_ratio) * coarser.least_amount
            and 0.999 * (1 - coarser.rounding_ratio) * fine.amount
            <= coarser.largest_amount

),

of_a_rounded_amount as (

    select
        least(coarse.seizure_number, gridded.seizure_number) as number_a,
        greatest(coarse.seizure_number, gridded.seizure_number) as number_b
    from (
        select
            *,
            unnest([day_block - 1, day_block, day_block + 1]) as near_day_block
        from (
            select
                *,
                floor(amount / pow(10, digit_level)) as own_cell,
                unnest([floor((own_cell - 1) / 2), floor((own_cell + 1) / 2)])
                    as near_block
            from {{ relation }}
        ) as neighbours
    ) as coarse
    inner join gridded
        on
            coarse.kind_number = gridded.kind_number
            and coarse.digit_level = gridded.grid_level
            and coarse.near_block = floor(gridded.cell / 2)
            and coarse.near_day_block = gridded.day_block
            and gridded.cell between coarse.own_cell - 1 and coarse.own_cell + 1
            and coarse.seizure_date <= gridded.last_date
            and gridded.seizure_date <= coarse.last_date
            and {{ is_within_last_digit('coarse', 'gridded') }}
            and {{ difference_ratio('coarse', 'gridded') }} <= coarse.rounding_ratio

)
{%- endmacro %}
