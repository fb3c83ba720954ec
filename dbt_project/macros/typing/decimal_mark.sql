{#- What a comma marks, by the cells that can be read in one way only. -#}

{% macro digits_match(digits, pattern) -%} regexp_full_match({{ digits }}, '[+-]?{{ pattern }}') {%- endmacro %}

{#- True if the digits can only be read with a decimal comma. -#}
{% macro has_decimal_comma(digits) -%}
    {%- set beside_zero_or_four_digits = '(0|[0-9]{4,}),[0-9]+' -%}
    {%- set before_other_than_three = '[0-9]+,([0-9]{1,2}|[0-9]{4,})' -%}
    {%- set after_thousands = '[0-9]{1,3}([ .][0-9]{3})+,[0-9]+' -%}
    {{ digits_match(digits, '(' ~ [
        beside_zero_or_four_digits, before_other_than_three, after_thousands
    ] | join('|') ~ ')') }}
{%- endmacro %}

{#- True if the digits can only be read with commas between thousands. -#}
{% macro has_thousands_commas(digits) -%}
    {{ digits_match(digits, '[1-9][0-9]{0,2}((,[0-9]{3})+[.][0-9]+|(,[0-9]{3}){2,})') }}
{%- endmacro %}

{#- What a comma marks in the file of each submission: a common table expression `marks`
    with ',' for decimals, '.' for thousands (the dot for decimals), or null if that is not
    known. Excel separates a csv file by semicolons exactly where the comma is the mark of
    decimals. -#}
{% macro comma_marks(table, fields) -%}
    {%- set decimals, thousands = [], [] -%}
    {%- for field in fields -%}
        {%- do decimals.append(field ~ '_figures.has_decimals') -%}
        {%- do thousands.append(field ~ '_figures.has_thousands') -%}
    {%- endfor -%}
    {%- set is_decimal -%}
        (coalesce(files.delimiter = ';', false) or coalesce(bool_or({{ decimals | join(' or ') }}), false))
    {%- endset -%}
    {%- set is_thousands -%} coalesce(bool_or({{ thousands | join(' or ') }}), false) {%- endset -%}
marks as (

    select
        submissions.submission_id,
        of_files.decimal_mark
    from submissions
    inner join (
        select
            files.sha256,
            case
                when {{ is_decimal }} and not {{ is_thousands }} then ','
                when {{ is_thousands }} and not {{ is_decimal }} then '.'
            end as decimal_mark
        from {{ source('raw', table) }} as rows_sent
        inner join files on rows_sent.submission_id = files.submission_id
        {%- for field in fields %}
        left join {{ field }}_figures on {{ bare_text('rows_sent.' ~ field) }} = {{ field }}_figures.sent_text
        {%- endfor %}
        group by files.sha256, files.delimiter
    ) as of_files on submissions.sha256 = of_files.sha256

)
{%- endmacro %}
