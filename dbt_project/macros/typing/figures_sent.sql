{#- What was sent, without the white space around it. -#}
{% macro bare_text(column) -%}
    regexp_replace({{ column }}, '^[\s\x{00a0}]+|[\s\x{00a0}]+$', '', 'g')
{%- endmacro %}

{#- What the texts of a field say: a common table expression `<field>_figures` with a row
    for each, as many rows share one: its key as a spelling, and for dates the columns of
    date_figures, for months the `month`, for numbers the columns of number_figures. -#}
{% macro figures_sent(table, field, type) -%}
    {%- set texts -%}
        select distinct {{ bare_text('rows_sent.' ~ field) }} as sent_text
        from {{ source('raw', table) }} as rows_sent
        inner join files on rows_sent.submission_id = files.submission_id
    {%- endset -%}
{{ field }}_figures as (

    select
        *,
        {% if type in ('number', 'integer', 'quantity') -%}
        -- For a number, x says that it does not apply; for a person it is a sex, for a question yes.
        if(lower(sent_text) in ('x', 'х'), 'n/a', {{ spelling_key('sent_text') }}) as sent_key
    from ({{ number_figures(texts, 'share' if field.endswith('_pct') else type) }})
        {%- else -%}
        {{ spelling_key('sent_text') }} as sent_key
    from ({{ date_figures(texts) if type == 'date' else month_figures(texts) }})
        {%- endif %}

)
{%- endmacro %}
