{#- The raw rows of one table, typed: a common table expression `typed` with one row per
    raw row, beside every typed value the text that was sent. `fields` gives for each field
    its type (string; prose and reference: a string that may tell of a person; date, yearmonth,
    number, integer, quantity: a number that may carry its unit in the cell) or the codelist that its answers are codes of.

    Columns by type: string: <field>; prose, reference: also <field>_personal (personal_data); codelist: <field>_code, <field>_text; else <field>,
    <field>_text, <field>_problem ('unreadable', 'ambiguous') and <field>_missing_code (a
    marker such as '--'). totals_stated names the coded fields, parted by blanks, whose cells say
    all together ('total', 'both sexes'); null if none does. answered_ratio is the share of the asked fields that the row
    answers, 0 to 1; `unasked` are read where a file has them, but no form asks for them, or none did at first. -#}
{% macro typed_rows(table, fields, unasked=[]) -%}
    {%- set numbers, days, months, coded = [], [], [], {} -%}
    {%- for field, type in fields.items() -%}
        {%- if type in ('number', 'integer', 'quantity') -%}
        {%- do numbers.append(field) -%}
        {%- elif type == 'date' -%}
        {%- do days.append(field) -%}
        {%- elif type == 'yearmonth' -%}
        {%- do months.append(field) -%}
        {%- elif type not in ('string', 'prose', 'reference') -%}
        {%- do coded.update({field: type}) -%}
        {%- endif -%}
    {%- endfor -%}

with {{ sent_rows(table, fields) }},

{{ spellings_of(['missing_values'] + coded.values() | list) }},

{% for field in numbers + days + months -%}
{{ figures_sent(table, field, fields[field]) }},

{% endfor -%}
{% for field in days -%}
{{ day_orders(table, field) }},

{% endfor -%}
{% if numbers -%}
{{ comma_marks(table, numbers) }},

{% endif -%}
coded as (

    select
        sent.*
        {%- for field in coded %},
        {{ field }}_spelling.code as {{ field }}_code
        {%- endfor %}
        {%- if coded %},
        {{ totals_stated(coded) }} as totals_stated
        {%- else %},
        cast(null as varchar) as totals_stated
        {%- endif %}
        {%- for field in numbers + days + months %},
        {{ field }}_spelling.code as {{ field }}_missing_code
        {%- endfor %}
        {%- for field in numbers %},
        {{ number_read(field) }} as {{ field }}_read,
        {{ field }}_figures.words as {{ field }}_words,
        {{ field }}_figures.is_two_ways and marks.decimal_mark is null as {{ field }}_is_ambiguous
        {%- endfor %}
        {%- for field in days %},
        {{ day_read(field) }}
        {%- endfor %}
        {%- for field in months %},
        {{ month_read(field) }} as {{ field }}_read
        {%- endfor %}
    from sent
    {{ join_read(numbers, days, months, coded) }}

),

typed as (

    select
        submission_id,
        sheet,
        source_row,
        country_code,
        reporting_month,
        {% for field, type in fields.items() -%}
        {{ typed_columns(field, type) }}
        {% endfor -%}
        {%- set asked = fields | reject('in', unasked) | list %}
        (
            {% for field in asked -%}
            cast({{ field }} is not null as integer) {% if not loop.last %} + {% endif %}
            {%- endfor %}
        ) / {{ asked | length }} as answered_ratio,
        totals_stated,
        extra
    from coded

)
{%- endmacro %}
