{#- Pairs of one amount: a common table expression `of_one_amount`. -#}
{% macro equal_amounts(relation) -%}
-- A difference of one part in a billion may fall to either side of the edge of a key.
-- Keys and days are looked up in blocks of at least their reach: two of each are enough.
of_one_amount as (

    select
        a.seizure_number as number_a,
        b.seizure_number as number_b
    from (
        select
            *,
            unnest([day_block, day_block + 1]) as near_day_block
        from (
            select
                *,
                unnest([(amount_key - 1) >> 1, (amount_key + 1) >> 1]) as near_block
            from {{ relation }}
        ) as neighbours
    ) as a
    inner join {{ relation }} as b
        on
            a.kind_number = b.kind_number
            and a.near_block = b.amount_block
            and a.near_day_block = b.day_block
            and a.seizure_number < b.seizure_number
            and b.amount_key between a.amount_key - 1 and a.amount_key + 1
            and b.seizure_date between a.seizure_date and a.last_date

)
{%- endmacro %}
