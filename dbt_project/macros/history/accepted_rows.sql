{#- The staged rows of a table that are in force: of the submission that speaks for its
    country and month, without the rows held back. A common table expression `accepted`; each
    row has its row_id. The name of a sheet that tells of a person is withheld: other states
    see its place among those of the file. -#}
{% macro accepted_rows(table) -%}
with sheets as (

    select distinct
        submission_id,
        sheet
    from {{ ref('stg_' ~ table) }}

),

sheets_withheld as (

    select
        submission_id,
        sheet,
        '[withheld: personal data ' || row_number() over (partition by submission_id order by sheet) || ']'
            as shown
    from sheets
    where {{ personal_data('sheet') }} is not null

),

accepted as (

    select
        staged.* exclude (sheet),
        coalesce(sheets_withheld.shown, staged.sheet) as sheet,
        concat_ws(
            ':',
            staged.submission_id,
            coalesce(sheets_withheld.shown, nullif(staged.sheet, '')),
            staged.source_row
        ) as row_id
    from {{ ref('stg_' ~ table) }} as staged
    left join sheets_withheld
        on
            staged.submission_id = sheets_withheld.submission_id
            and staged.sheet = sheets_withheld.sheet
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
