{#- The raw rows of one table, typed: a common table expression `typed` with one row per
    raw row, beside every typed value the text that was sent. `fields` says of each field its type
    (string, date, yearmonth, number, integer, quantity: a number that may carry its unit in
    the cell) or the codelist that its answers are codes of.

    Columns by type: string: <field>; codelist: <field>_code, <field>_text; else <field>, <field>_text,
    <field>_problem ('unreadable', 'ambiguous') and <field>_missing_code (a marker such as '--').
    answered_ratio is the share of the asked fields that the row answers, 0 to 1; `unasked` are
    read where a file has them, but no form asks for them. -#}
{% macro typed_rows(table, fields, unasked=[]) -%}
    {%- set numbers, days, months, coded = [], [], [], {} -%}
    {%- for field, type in fields.items() -%}
        {%- if type in ('number', 'integer', 'quantity') -%}
        {%- do numbers.append(field) -%}
        {%- elif type == 'date' -%}
        {%- do days.append(field) -%}
        {%- elif type == 'yearmonth' -%}
        {%- do months.append(field) -%}
        {%- elif type != 'string' -%}
        {%- do coded.update({field: type}) -%}
        {%- endif -%}
    {%- endfor -%}

with sent as (

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

),

told as (

    select
        *
        {%- for field in numbers %},
        {{ split_number(field) }}
        {%- endfor %}
        {%- if numbers %},
        {{ decimal_mark(numbers, 'delimiter') }} as decimal_mark
        {%- endif %}
    from sent

),

coded as (

    select
        told.*
        {%- for field in coded %},
        {{ field }}_spelling.code as {{ field }}_code
        {%- endfor %}
        {%- for field in numbers + days + months %},
        {{ field }}_spelling.code as {{ field }}_missing_code
        {%- endfor %}
    from told
    {% for field, codelist in coded.items() -%}
    {{ join_code(field, codelist) }}
    {% endfor -%}
    {%- for field in numbers + days + months -%}
    {{ join_code(field, 'missing_values') }}
    {% endfor %}

),

typed as (

    select
        submission_id,
        sheet,
        source_row,
        country_code,
        reporting_month,
        {% for field, type in fields.items() -%}
        {%- if type == 'string' -%}
        {{ field }},
        {% elif field in coded -%}
        {{ field }}_code,
        {{ field }} as {{ field }}_text,
        {% else -%}
        {%- if field in numbers -%}
        {%- set value, problem = parse_number(field ~ '_digits'), number_problem(field, type) -%}
        {%- elif field in days -%}
        {%- set value, problem = parse_date(field), date_problem(field) -%}
        {%- else -%}
        {%- set value, problem = parse_month(field), month_problem(field) -%}
        {%- endif -%}
        {{ problem }} as {{ field }}_problem,
        if({{ field }}_problem is null, {{ value }}, null) as {{ field }},
        coded.{{ field }} as {{ field }}_text,
        {{ field }}_missing_code,
        {% endif -%}
        {% if type == 'quantity' -%}
        {{ field }}_words as {{ field }}_unit_text,
        {% endif -%}
        {% endfor -%}
        {%- set asked = fields | reject('in', unasked) | list %}
        len(list_filter([{{ asked | join(', ') }}], lambda answer: answer is not null))
        / {{ asked | length }} as answered_ratio,
        extra
    from coded

)
{%- endmacro %}
