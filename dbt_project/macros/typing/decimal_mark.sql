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

{#- What a comma marks in a submission: ',' decimals, '.' thousands (the dot decimals), or
    null if that is not known. Excel separates a csv file by semicolons exactly where the
    comma is the mark of decimals. -#}
{% macro decimal_mark(fields, delimiter) -%}
    {%- set decimal, thousands = [], [] -%}
    {%- for field in fields -%}
        {%- do decimal.append(has_decimal_comma(field ~ '_digits')) -%}
        {%- do thousands.append(has_thousands_commas(field ~ '_digits')) -%}
    {%- endfor -%}
    {%- set over = 'over (partition by submission_id), false)' -%}
    {%- set is_decimal -%}
        (coalesce({{ delimiter }} = ';', false)
        or coalesce(bool_or({{ decimal | join(' or ') }}) {{ over }})
    {%- endset -%}
    {%- set is_thousands -%}
        coalesce(bool_or({{ thousands | join(' or ') }}) {{ over }}
    {%- endset -%}
    case
        when {{ is_decimal }} and not {{ is_thousands }} then ','
        when {{ is_thousands }} and not {{ is_decimal }} then '.'
    end
{%- endmacro %}
