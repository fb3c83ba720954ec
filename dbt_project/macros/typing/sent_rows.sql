{#- What was sent, without the white space around it; null when nothing is left. -#}
{% macro cell_text(column) -%}
    nullif(regexp_replace({{ column }}, '^[\s\x{00a0}]+|[\s\x{00a0}]+$', '', 'g'), '')
{%- endmacro %}

{#- The raw rows of one table with their submission: a common table expression `sent`,
    each cell without the white space around it. -#}
{% macro sent_rows(table, fields) -%}
sent as (

    select
        rows_sent.submission_id,
        rows_sent.sheet,
        rows_sent.source_row,
        submissions.country_code,
        submissions.reporting_month,
        submissions.delimiter,
        {% for field in fields -%}
        {{ cell_text('rows_sent.' ~ field) }} as {{ field }},
        {% endfor -%}
        nullif(rows_sent.extra, '') as extra
    from {{ source('raw', table) }} as rows_sent
    inner join {{ source('raw', 'submissions') }} as submissions
        on rows_sent.submission_id = submissions.submission_id
    {% if is_incremental() -%}
    -- A submission never changes: what was typed once is not typed again.
    where rows_sent.submission_id not in (select known.submission_id from {{ this }} as known)
    {%- endif %}

)
{%- endmacro %}
