{#- Which seizures of one drug and of near days are compared: those of one quantity, those
    of which one may be the other rounded, and those under one record number. Common table
    expressions, the last `pairs`, of which `number_a` is the earlier seizure; `widest` and
    `shared_records` have to stand before them.

    All three are found by equal keys, so that the time grows with the pairs found and not
    with the square of the seizures. What very many share would still pair with each
    other; it speaks for no pair, and is left out beyond `alike_count`. -#}
{% macro paired_seizures(relation) -%}
{{ keyed_seizures(relation) }},

{{ equal_amounts('keyed') }},

{{ rounded_amounts('keyed') }},

recorded as (

    select
        described.seizure_number,
        described.seizure_date,
        described.country_code,
        described.drug_code,
        described.measure,
        described.record_id
    from {{ relation }} as described
    semi join shared_records
        on
            described.country_code = shared_records.country_code
            and described.drug_code = shared_records.drug_code
            and described.measure = shared_records.measure
            and described.record_id = shared_records.record_id

),

of_one_record as (

    select
        a.seizure_number as number_a,
        b.seizure_number as number_b
    from recorded as a
    inner join recorded as b
        on
            a.country_code = b.country_code
            and a.record_id = b.record_id
            and a.drug_code = b.drug_code
            and a.measure = b.measure
            and a.seizure_number < b.seizure_number
    where b.seizure_date - a.seizure_date <= (select days_apart from widest)

),

pairs as (

    select * from of_one_amount
    union distinct
    select * from of_a_rounded_amount
    union distinct
    select * from of_one_record

)
{%- endmacro %}
