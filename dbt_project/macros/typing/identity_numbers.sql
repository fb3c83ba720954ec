{#- Numbers of passports and telephones, by their published formats: two letters and seven
    digits in Uzbekistan and Kyrgyzstan (ICAO Doc 9303 sets nine characters at most), a
    Roman number and a series in Turkmenistan, +7, +992, +993, +996 and +998 with eight to
    ten digits (ITU-T E.164). Others count only after the word passport, card or telephone. -#}
{% macro number_pattern() -%}
    {%- set digits -%} ([A-ZА-Я]{1,3}[ -]?)?(№ ?|No[.]? ?)?([0-9][ -]?(№ ?)?){5,9}[0-9] {%- endset -%}
    (?i:паспорт|passport|удостоверени[\p{L}]+ личности|\bid[ -]?card|тел[.: ]|телефон|phone
    {{- '|' }}\btel[.: ]|\bmob[.: ]|моб[.: ]|сот[.: ]|whats ?app|telegram|viber|ватс ?ап|телеграм[ :]|вайбер)(\s?[\p{L}]*[.:,№]*){0,4}\s?{{ digits }}
    {{- '|' }}(?i:удостоверени[\p{L}]+)[ №N:.]*[0-9]{6}
    {{- '|' }}(^|[^\p{L}0-9])(A[A-EN]|А[ВАСЕ]|FA|FB|K[AB]|ID|PE) ?[0-9]{7}($|[^0-9])
    {{- '|' }}(?i:иин|пинфл|пин|iin|pinfl|jshshir)[ :.№]*([0-9][ -]?){11,13}[0-9]
    {{- '|' }}I{1,2}-[A-ZА-ЯŞ]{2} ?№? ?[0-9]{6}($|[^0-9])
    {{- '|' }}[+](7|99[2368])[ (-]*([0-9][ ()-]*){8,10}
    {{- '|' }}(^|[^0-9])(00)?99[2368][ -]?[0-9]{2}[)]?[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}($|[^0-9])
    {{- '|' }}(^|[^0-9])8( ?[(]7[0-9]{2}[)] ?|[ -]7[0-9]{2}[ -])[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}($|[^0-9])
{%- endmacro %}

{#- Seals and waybills have letters and digits too. -#}
{% macro goods_number() -%}
    (?i:пломб[\p{L}]*|накладн[\p{L}]*|ттн|cmr|seals?|waybill|container|рейс|lot)[ №.:No]*[A-ZА-Я]{0,4} ?[0-9]+
{%- endmacro %}

{#- Whether a text holds a number whose digits agree with a date of birth and, where there
    is one, with their check digit. IIN of Kazakhstan: YYMMDD, century and sex, four digits and
    the check digit, modulo 11 (resolution 565 of 2003). PINFL of Uzbekistan: century and sex,
    DDMMYY, six digits and the check digit of ICAO Doc 9303 (resolution 177 of 2022). PIN of
    Kyrgyzstan: sex, DDMMYYYY and five digits. -#}
{% macro has_identity_number(text) -%}
    len(list_filter(
        -- Each of them has twelve digits at least.
        regexp_extract_all({{ text }}, '[0-9]{12,}'),
        lambda number: {{ is_iin('number') }} or {{ is_pinfl('number') }}
        or regexp_full_match(number, '[12]{{ day_and_month() }}(19|20)[0-9]{7}')
    )) > 0
{%- endmacro %}

{% macro day_and_month() -%} (0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2]) {%- endmacro %}

{#- The sum of the digits of a number, each times its weight. -#}
{% macro weighed_digits(number, weights) -%}
    cast(list_inner_product(
        cast({{ weights }} as double[]),
        list_transform(
            regexp_extract_all(left({{ number }}, {{ weights | length }}), '.'),
            lambda digit: cast(digit as double)
        )
    ) as bigint)
{%- endmacro %}

{% macro is_iin(number) -%}
    {%- set first = weighed_digits(number, range(1, 12) | list) ~ ' % 11' -%}
    {%- set turned = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2] -%}
    {%- set second = weighed_digits(number, turned) ~ ' % 11' -%}
    case
        when regexp_full_match(
            {{ number }}, '[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[1-6][0-9]{5}'
        )
        then cast({{ number }}[12] as integer) = if({{ first }} = 10, {{ second }}, {{ first }})
        else false
    end
{%- endmacro %}

{% macro is_pinfl(number) -%}
    case
        when regexp_full_match({{ number }}, '[1-6]{{ day_and_month() }}[0-9]{9}')
        then cast({{ number }}[14] as integer)
        = {{ weighed_digits(number, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7]) }} % 10
        else false
    end
{%- endmacro %}
