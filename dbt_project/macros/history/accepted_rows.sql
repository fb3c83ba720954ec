{#- The staged rows of a table that are in force: of the submission that speaks for its
    country and month, without the rows held back. A common table expression `accepted`; each
    row has its row_id. -#}
{% macro accepted_rows(table) -%}
with accepted as (

    select
        staged.*,
        concat_ws(':', staged.submission_id, nullif(staged.sheet, ''), staged.source_row)
            as row_id
    from {{ ref('stg_' ~ table) }} as staged
    inner join {{ ref('int_landings_current') }} as landings
        on
            staged.submission_id = landings.submission_id
            and landings.table_name = '{{ table }}'
    left join {{ ref('int_rows_quarantined') }} as quarantined
        on
            staged.submission_id = quarantined.submission_id
            and quarantined.table_name = '{{ table }}'
            and staged.sheet = quarantined.sheet
            and staged.source_row = quarantined.source_row
    where quarantined.submission_id is null

)
{%- endmacro %}

{#- The columns that say where an accepted row was sent: submission, sheet and row. -#}
{% macro row_origin() -%}
accepted.submission_id,
    accepted.sheet,
    accepted.source_row
{%- endmacro %}
