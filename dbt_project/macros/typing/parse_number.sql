{#- Numbers as the region writes them. What a comma marks is never guessed from one cell:
    "1,234" is read only if the other cells of its submission, or the semicolons of its csv
    file, settle it (decimal_mark). A dot alone is a decimal point: in none of the region's
    conventions does a single dot stand between thousands.

    A cell is split first into its digits (number_digits), with spaces of any width as plain
    ones, and the words behind them (number_words); the other macros take the digits. -#}

{% macro within_number() -%} 0-9.,\s\x{00a0}\x{2007}\x{2009}\x{202f} {%- endmacro %}

{% macro first_digits() -%} [+-]?[0-9][{{ within_number() }}]* {%- endmacro %}

{% macro number_digits(text) -%}
    trim(regexp_replace(
        regexp_extract({{ text }}, '^({{ first_digits() }}(?:{{ number_exponent() }}$)?)', 1),
        '[\s\x{00a0}\x{2007}\x{2009}\x{202f}]+', ' ', 'g'
    ))
{%- endmacro %}

{#- The digits as the database reads them, null if they are missing, unreadable or of two
    readings; has_decimals and has_thousands as in number_figures. -#}
{% macro plain_digits(digits) -%}
    case
        when {{ digits_match(digits, '[0-9]+([.,][0-9]+)?' ~ number_exponent()) }}
            then replace({{ digits }}, ',', '.')
        when {{ digits_match(digits, '[0-9]+([.][0-9]+)?') }} then {{ digits }}
        when {{ digits_match(digits, '[0-9]{1,3}( [0-9]{3})+([.][0-9]+)?') }}
            then replace({{ digits }}, ' ', '')
        when has_decimals
            then replace(regexp_replace({{ digits }}, '[ .]', '', 'g'), ',', '.')
        when has_thousands then replace({{ digits }}, ',', '')
        when {{ digits_match(digits, '[1-9][0-9]{0,2}([.][0-9]{3}){2,}') }} then replace({{ digits }}, '.', '')
    end
{%- endmacro %}

{#- What each text of `texts` (a query with the column sent_text) says as a number: a
    select with a row for each, by the type of its field or as a `share` in percent. `words`
    are those that are neither a scale nor a mark. `is_two_ways` is true where the mark of
    decimals decides which number it is: with_decimals or with_thousands, as double, null if
    it is missing or unreadable. Each step is a select of its own: the database plans an
    alias as often as it is used. -#}
{% macro number_figures(texts, type) -%}
    select
        *,
        case
            when scale = '' and not regexp_full_match(lower(words_behind), '{{ number_mark(type) }}') then words_behind
        end as words,
        try_cast(if(is_two_ways, replace(digits, ',', '.'), plain) || scale as double) as with_decimals,
        try_cast(if(is_two_ways, replace(digits, ',', ''), plain) || scale as double) as with_thousands
    from (
        select
            *,
            {{ number_scale('words_behind', type) }} as scale,
            {{ plain_digits('digits') }} as plain
        from (
            select
                *,
                {{ number_words('sent_text', 'digits') }} as words_behind,
                {{ has_decimal_comma('digits') }} as has_decimals,
                {{ has_thousands_commas('digits') }} as has_thousands,
                {{ digits_match('digits', '[1-9][0-9]{0,2},[0-9]{3}') }} as is_two_ways
            from (
                select
                    sent_text,
                    {{ number_digits('sent_text') }} as digits
                from ({{ texts }})
            )
        )
    )
{%- endmacro %}

{#- The number of a cell, by what a comma marks in its submission. -#}
{% macro number_read(field) -%}
    case
        when marks.decimal_mark = '.' then {{ field }}_figures.with_thousands
        when marks.decimal_mark = ',' or not {{ field }}_figures.is_two_ways then {{ field }}_figures.with_decimals
    end
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
        when {{ field }}_is_ambiguous then 'ambiguous'
        when {{ field }}_read is null then 'unreadable'
        {#- Nothing that is counted or weighed is that large; marts could not hold it. #}
        when abs({{ field }}_read) >= 1e15 then 'unreadable'
    end
{%- endmacro %}
