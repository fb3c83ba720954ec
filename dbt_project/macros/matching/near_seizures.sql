{#- A common table expression `near`, the seizures of every day that is compared with one
    that has changed or is built at a time, in whole; `widest` has to stand before it. A pair
    stands or falls with the seizures of its two days, and with the record numbers that are
    none. -#}
{% macro near_seizures(relation) -%}
{% if builds_changes() or builds_in_batches() -%}
near_days as (

    select distinct
        changed.slice_key
        + cast(
            unnest(generate_series(-widest.days_apart, widest.days_apart)) as integer
        ) as seizure_date
    from intermediate.fct_seizure_matches_changed as changed
    cross join widest

),

near as (

    select described.*
    from {{ relation }} as described
    semi join near_days on described.seizure_date = near_days.seizure_date

),
{%- else -%}
near as (select * from {{ relation }}),
{%- endif %}
{%- endmacro %}
