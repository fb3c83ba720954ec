{#- What stands behind the digits of a number: an exponent, a scale, a mark, or words. -#}

{#- The exponent of scientific notation, as programs write it: 1e-06, 2,5E+03. -#}
{% macro number_exponent() -%} [eE][+-]?[0-9]{1,3} {%- endmacro %}

{% macro number_words(text, digits) -%}
    case
        when {{ digits_match(digits, '.*' ~ number_exponent()) }} then null
        else nullif(trim(regexp_extract({{ text }}, '^{{ first_digits() }}([^{{ within_number() }}].*)$', 1)), '')
    end
{%- endmacro %}

{#- What the words behind a number multiply it by, as the end of a number (e3), else '';
    of a share in percent, those that say per mille. warehouse/questionnaire/measures.py
    puts such a word behind the numbers of a column whose heading states it. -#}
{% macro number_scale(words, type) -%}
    {%- set scales = {
        1: 'десятков', 2: 'сотен',
        3: 'тыс|тысяч[аи]?|thousand|мың|миң|минг|ming|müň|ҳазор',
        4: 'десятков тыс', 5: 'сотен тыс|lakhs?|lacs?|лакх(а|ов)?',
        6: 'млн|миллион(а|ов)?|mln|million|milliýon',
        7: 'десятков млн|crores?|крор(а|ов)?', 8: 'сотен млн',
        9: 'млрд|миллиард(а|ов)?|mlrd|bln|bn|billion|milliard',
        10: 'десятков млрд', 11: 'сотен млрд', 12: 'трлн|триллион(а|ов)?|trln|trn|trillion',
        13: 'десятков трлн', 14: 'сотен трлн'
    } -%}
    case
        {%- if type == 'share' %}
        when regexp_full_match(lower({{ words }}), '‰|промилле|per ?mill?e') then 'e-1'
        {%- endif %}
        {%- for power, names in scales.items() %}
        when regexp_full_match(lower({{ words }}), '({{ names }})[.]?') then 'e{{ power }}'
        {%- endfor %}
        else ''
    end
{%- endmacro %}

{#- Marks of statisticians behind a number: stars, raised digits, and letters for
    estimated, provisional or revised. A letter alone is a unit behind a quantity, and may be a
    currency behind an amount. -#}
{% macro number_mark(type) -%}
    {%- set letters = {
        'quantity': '[(][epr][)]', 'share': '[(]?[er][)]?|[(][a-zа-я]{1,2}[)]', 'number': '[(]?[er][)]?|[(][a-zа-я]{1,2}[)]',
        'integer': '[(]?[a-zа-я]{1,2}[)]?'
    } -%}
    [*†‡§#]{1,3}|[¹²³⁰⁴-⁹⁽⁾]{1,3}|{{ letters[type] }}
    {{- '|' }}[(]?(est|prov|предв|оц|estimated?|provisional|revised|предварительно|оценка)[.]?[)]?
{%- endmacro %}
