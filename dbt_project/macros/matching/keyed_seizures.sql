{#- What amounts are compared by, in numbers: common table expressions, the last `keyed`,
    one row per seizure. -#}
{% macro keyed_seizures(relation) -%}
kinds as (

    select
        found.drug_code,
        found.measure,
        row_number() over () as kind_number
    from (
        select distinct
            drug_code,
            measure
        from {{ relation }}
    ) as found

),

crowded as (

    select
        drug_code,
        measure,
        seizure_date,
        amount_key
    from {{ relation }} as described
    group by drug_code, measure, seizure_date, amount_key
    having count(*) > (select alike_count from widest)

),

keyed as (

    select
        described.seizure_number,
        described.seizure_date,
        described.amount,
        described.amount_key,
        described.last_digit,
        kinds.kind_number,
        widest.rounding_ratio,
        -- Blocks of two keys and of as many days as two reports of one event may be apart.
        described.amount_key >> 1 as amount_block,
        described.seizure_date + cast(widest.days_apart as integer) as last_date,
        floor(
            (described.seizure_date - date '2000-01-01') / (widest.days_apart + 1)
        ) as day_block,
        round(log10(nullif(described.last_digit, 0)), 6) as digit_level
    from {{ relation }} as described
    cross join widest
    inner join kinds
        on described.drug_code = kinds.drug_code and described.measure = kinds.measure
    anti join crowded
        on
            described.drug_code = crowded.drug_code
            and described.measure = crowded.measure
            and described.seizure_date = crowded.seizure_date
            and described.amount_key = crowded.amount_key

)
{%- endmacro %}
