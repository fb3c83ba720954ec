{#- The staged rows of a table that are in force: of the submission that speaks for its
    country and month, without the rows held back. A common table expression `accepted`; each
    row has its row_id. The name of a sheet that tells of a person is withheld, and `coded`
    are the fields whose codes become those of facts (fact_code). `model` is that of a table
    of slices, of which only the changed submissions are asked for, or, with `in_batches`,
    those that are built at a time. -#}
{% macro accepted_rows(table, coded, model=none, in_batches=false) -%}
with accepted as (

    select
        staged.* exclude (sheet) replace (
            {%- for field in coded %}
            {{ fact_code(field) }} as {{ field }}_code
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ),
        staged.sheet as sheet_sent,
        coalesce(sheets.shown, staged.sheet) as sheet,
        concat_ws(
            ':',
            staged.submission_id,
            coalesce(sheets.shown, nullif(staged.sheet, '')),
            staged.source_row
        ) as row_id
    from {{ ref('stg_' ~ table) }} as staged
    left join {{ ref('int_sheets_withheld') }} as sheets
        on
            staged.submission_id = sheets.submission_id
            and sheets.table_name = '{{ table }}'
            and staged.sheet = sheets.sheet
    inner join {{ ref('int_landings_current') }} as landings
        on
            staged.submission_id = landings.submission_id
            and landings.table_name = '{{ table }}'
    {{ join_quarantined('staged', table) }}
    where
        quarantined.submission_id is null
        {%- if model %}
        and {{ is_of_changed_slice(
            'intermediate.' ~ model ~ '_changed', ['staged.submission_id'],
            own='staged.submission_id' if in_batches else none
        ) }}
        {%- endif %}

)
{%- endmacro %}

{#- The columns that say where an accepted row was sent: submission, sheet and row. -#}
{% macro row_origin() -%}
accepted.submission_id,
    accepted.sheet,
    accepted.source_row
{%- endmacro %}

{#- What the rows of a submission in the facts of a table are made of, in SQL: the
    decision by which it is in force, the rows that this holds back, and the seeds that are
    joined; of seizures that are `judged` also the quantities that are questioned, and what
    another submission may change: the rows that are presumed double, and the provinces
    stated of their places. What was typed of it
    stays as it is while models and codelists are the same. -#}
{% macro submissions_in_force(table, seeds=[], judged=false) -%}
    select
        landings.submission_id as slice_key,
        landings.decided_at,
        {% for seed in seeds -%}
        (select bit_xor(hash({{ seed }})) from seeds.{{ seed }}) as {{ seed }},
        {% endfor -%}
        {% if judged -%}
        (
            select bit_xor(hash(questioned.sheet, questioned.source_row))
            from intermediate.int_quantities_questioned as questioned
            where questioned.submission_id = landings.submission_id
        ) as quantities_questioned,
        (
            select bit_xor(hash(presumed.seizure_id, presumed.counted_seizure_id))
            from intermediate.int_duplicates_presumed as presumed
            where presumed.submission_id = landings.submission_id
        ) as duplicates_presumed,
        (
            select bit_xor(distinct hash(stated.place, stated.subdivision_code))
            from staging.stg_{{ table }} as staged
            inner join intermediate.int_places_stated as stated
                on staged.country_code = stated.country_code and staged.place = stated.place
            where staged.submission_id = landings.submission_id
        ) as places_stated,
        {% endif -%}
        bit_xor(hash(quarantined.sheet, quarantined.source_row)) as rows_held_back
    from intermediate.int_landings_current as landings
    left join intermediate.int_rows_quarantined as quarantined
        on
            landings.submission_id = quarantined.submission_id
            and landings.table_name = quarantined.table_name
    where landings.table_name = '{{ table }}'
    group by landings.submission_id, landings.decided_at
{%- endmacro %}
