{#- Numbers as the region writes them. What a comma marks is never guessed from one cell:
    "1,234" is read only if the other cells of its submission, or the semicolons of its csv
    file, settle it (decimal_mark). A dot alone is a decimal point: in none of the region's
    conventions does a single dot stand between thousands.

    A cell is split first (split_number) into its digits, with spaces of any width as plain
    ones, and the words behind them; the other macros take the digits. -#}

{% macro split_number(field) -%}
    {%- set within = '0-9.,\\s\\x{00a0}\\x{2007}\\x{2009}\\x{202f}' -%}
    {%- set digits = '[+-]?[0-9][' ~ within ~ ']*' -%}
    trim(regexp_replace(
        regexp_extract({{ field }}, '^({{ digits }})', 1), '[\s\x{00a0}\x{2007}\x{2009}\x{202f}]+', ' ', 'g'
    )) as {{ field }}_digits,
    nullif(trim(regexp_extract({{ field }}, '^{{ digits }}([^{{ within }}].*)$', 1)), '') as {{ field }}_words
{%- endmacro %}

{#- The number as double, null if it is missing, unreadable or ambiguous. -#}
{% macro parse_number(digits, mark='decimal_mark') -%}
    try_cast(
        case
            when {{ digits_match(digits, '[0-9]+([.][0-9]+)?') }} then {{ digits }}
            when {{ digits_match(digits, '[0-9]{1,3}( [0-9]{3})+([.][0-9]+)?') }}
                then replace({{ digits }}, ' ', '')
            when {{ has_decimal_comma(digits) }}
                then replace(regexp_replace({{ digits }}, '[ .]', '', 'g'), ',', '.')
            when {{ has_thousands_commas(digits) }} then replace({{ digits }}, ',', '')
            when {{ digits_match(digits, '[1-9][0-9]{0,2}([.][0-9]{3}){2,}') }} then replace({{ digits }}, '.', '')
            when {{ digits_match(digits, '[1-9][0-9]{0,2},[0-9]{3}') }}
                then replace(
                    {{ digits }}, ',', case {{ mark }} when ',' then '.' when '.' then '' end
                )
        end as double
    )
{%- endmacro %}

{#- Why a cell that is neither empty nor marked as missing gives no number: 'ambiguous' or
    'unreadable', else null. Words behind the digits make it unreadable: not '%' behind a
    share, nor the unit behind a quantity, which is compared with the column Unit elsewhere. -#}
{% macro number_problem(field, type) -%}
    case
        when {{ field }} is null or {{ field }}_missing_code is not null then null
        {%- if type == 'quantity' %}
        when regexp_matches({{ field }}_words, '[0-9]') then 'unreadable'
        {%- else %}
        when {{ field }}_words <> {% if field.endswith('_pct') %}'%'{% else %}''{% endif %} then 'unreadable'
        {%- endif %}
        when {{ digits_match(field ~ '_digits', '[1-9][0-9]{0,2},[0-9]{3}') }} and decimal_mark is null then 'ambiguous'
        when {{ parse_number(field ~ '_digits') }} is null then 'unreadable'
        {#- Nothing that is counted or weighed is that large; marts could not hold it. #}
        when abs({{ parse_number(field ~ '_digits') }}) >= 1e15 then 'unreadable'
    end
{%- endmacro %}
