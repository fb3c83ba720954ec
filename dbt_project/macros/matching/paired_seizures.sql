{#- Which seizures of one drug and of near days are compared: those of one quantity, those
    of which one may be the other rounded, and those under one record number. Common table
    expressions, the last `pairs`, of which `number_a` is the earlier seizure.

    All three are found by equal keys, so that the time grows with the pairs found and not
    with the square of the seizures. What very many share would still pair with each
    other; it speaks for no pair, and is left out beyond `alike_count`. -#}
{% macro paired_seizures(relation) -%}
keyed as (

    select
        *,
        round(log10(nullif(last_digit, 0)), 6) as digit_level
    from {{ relation }} as described
    qualify
        count(*) over (partition by drug_code, measure, seizure_date, amount_key)
        <= alike_count

),

{{ equal_amounts('keyed') }},

{{ rounded_amounts('keyed') }},

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
