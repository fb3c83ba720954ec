{#- The raw rows of one table with their submission, of `submissions`, those to be typed:
    common table expressions `bare`, each cell without the white space around it, and `sent`,
    with null for an empty cell, and all that follows from the text alone. DuckDB calls a
    function once for each text that rows share, but a case, and whatever follows one, for
    each row: so functions come first. -#}
{% macro sent_rows(table, fields) -%}
submissions as (

    select
        received.submission_id,
        received.country_code,
        received.reporting_month,
        received.sha256
    from {{ source('raw', 'submissions') }} as received
    {% if is_incremental() -%}
    -- A submission never changes: what was typed once is not typed again.
    where received.submission_id not in (select distinct known.submission_id from {{ this }} as known)
    {%- endif %}

),

-- A file of several months is a submission for each: what its cells prove holds for all of them.
files as (

    select
        parts.submission_id,
        parts.sha256,
        parts.delimiter
    from {{ source('raw', 'submissions') }} as parts
    where parts.sha256 in (select submissions.sha256 from submissions)

),

bare as (

    select
        rows_sent.submission_id,
        rows_sent.sheet,
        rows_sent.source_row,
        submissions.country_code,
        submissions.reporting_month,
        {% for field in fields -%}
        {{ bare_text('rows_sent.' ~ field) }} as {{ field }},
        {% endfor -%}
        nullif(rows_sent.extra, '') as extra
    from {{ source('raw', table) }} as rows_sent
    inner join submissions on rows_sent.submission_id = submissions.submission_id

),

sent as (

    select
        submission_id,
        sheet,
        source_row,
        country_code,
        reporting_month,
        {% for field, type in fields.items() -%}
        nullif(bare.{{ field }}, '') as {{ field }},
        {% if type in ('prose', 'reference') -%}
        {{ has_name('bare.' ~ field) }} as {{ field }}_has_name,
        {% elif type not in ('string', 'date', 'yearmonth', 'number', 'integer', 'quantity') -%}
        {{ spelling_key('bare.' ~ field) }} as {{ field }}_key,
        {% endif -%}
        {% if type == 'prose' -%}
        {{ has_number('bare.' ~ field) }} as {{ field }}_has_number,
        {% endif -%}
        {% endfor -%}
        extra
    from bare

)
{%- endmacro %}
