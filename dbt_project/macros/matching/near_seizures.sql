{#- Where only what has changed is built: a common table expression `near`, the seizures
    of every day that is compared with a changed one, in whole; `widest` has to stand
    before it. A pair stands or falls with the seizures of its two days, and with the record
    numbers that are none. -#}
{% macro near_seizures(relation) -%}
{% if builds_changes() -%}
near_days as (

    select
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
{%- endif %}
{%- endmacro %}
