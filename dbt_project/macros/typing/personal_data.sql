{#- What a text tells of a person: 'NAME', 'NUMBER' (of a passport, an identity card or a
    telephone), or null. `has_numbers` is false for the reference of a case, whose digits may
    look like any number. tests/warehouse/transform/test_personal_data.py measures it. -#}
{% macro personal_data(text, has_numbers=true) -%}
    case
        when {{ has_name(text) }} then 'NAME'
        {% if has_numbers -%} when {{ has_number(text) }} then 'NUMBER' {%- endif %}
    end
{%- endmacro %}

{#- Whether a text holds what a pattern stands for, of one letter at least. DuckDB
    compiles the pattern of regexp_matches three times, to bind, to simplify and to run it,
    also where no row is; and one of names takes as long as all else of a small table. -#}
{% macro has_match(text, pattern) -%}
    regexp_extract({{ text }}, '{{ pattern }}') <> ''
{%- endmacro %}

{#- A text with plain spaces, whatever Word, a browser or a form put between its words,
    without accents and what is not seen. `others` are signs that count as spaces between
    names. Most texts need none of it, and looking is cheaper than replacing. -#}
{% macro plain_spaces(text, others='') -%}
    {%- set spaces = '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007'
        ~ '\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000' -%}
    {%- set unseen = '\u00ad\u0301\u200c\u200d\u200e\u200f\u2060\ufeff' -%}
    {%- set joined = '|[\\p{L}][' ~ others ~ '] ?[\\p{Lu}]' if others else '' -%}
    if(
        {{ has_match(text, in_ranges('[' ~ spaces ~ unseen ~ ']' ~ joined)) }},
        translate(
            {{ text }},
            '{{ spaces ~ others ~ unseen }}', '{{ ' ' * ((spaces ~ others) | length) }}'
        ),
        {{ text }}
    )
{%- endmacro %}

{#- A name has a capital letter in front, a patronymic or a family's ending at the end, or
    initials; apostrophes are letters (Toʻxtayev). RE2 is fast with half of the patterns and
    slow with all in one. -#}
{% macro has_name(text) -%}
    {%- set letters -%} translate({{ text }}, 'ʻʼ‘’`''', '') {%- endset -%}
    {%- set plain -%}
    regexp_replace(
        {{ plain_spaces(letters, '_/,;–—-') }}, '{{ in_ranges(named_after()) }}', ' ', 'g'
    )
    {%- endset -%}
    (
        {%- for one, other in [
            (name_pattern(), titled_name()), (known_name(), afghan_name())
        ] %}
        {{ has_match(plain, in_ranges('(^|[^\\p{L}])(' ~ one ~ '|' ~ other ~ ')($|[^\\p{L}])')) }}
        {%- if not loop.last %} or {%- endif %}
        {%- endfor %}
    )
{%- endmacro %}

{#- None of these numbers has less than six digits, and most texts have. -#}
{% macro has_number(text) -%}
    {%- set without_goods -%}
    regexp_replace({{ plain_spaces(text) }}, '{{ in_ranges(goods_number()) }}', ' ', 'g')
    {%- endset -%}
    case
        when {{ has_match(text, '([0-9][^0-9]*){6}') }}
            then {{ has_match(without_goods, in_ranges(number_pattern())) }}
                or {{ has_identity_number(text) }}
        else false
    end
{%- endmacro %}

{% macro name_pattern() -%}
    {%- set word -%} [\p{Lu}][\p{L}ʻʼ’\x27`-]+ {%- endset -%}
    {%- set patronymic -%} [\p{L}]+(?i:[ое]вич(а|у|ем|е)?|[ое]вн(а|ы|е|у|ой)|[oe]vich|[oe]vna) {%- endset -%}
    {%- set lineage -%} (?i:о[гғ]лы|оглу|[уў][гғ]ли|[кқг]ызы|[кқ]изи|[уұ]лы|уулу|o.?g.?li|[ou]gl[iyu]|[qkg][iy]z[iy]|uulu|uly) {%- endset -%}
    {%- set son_of -%} [\p{L}]{3,}(?:ұлы|қызы|kyzy|qyzy|ұлы|зода|заде|zoda|zade) {%- endset -%}
    {{ word }}\s+{{ patronymic }}
    {{- '|' }}[\p{L}]+([ое]ва?|ина?|ск(ий|ая))\s+[\p{L}]+\s+{{ patronymic }}
    {{- '|' }}{{ word }}[ -]{{ lineage }}
    {{- '|' }}{{ word }}\s+[\p{Lu}]{{ son_of }}{{ '|' }}[\p{Lu}]{{ son_of }}\s+{{ word }}
    {{- '|' }}{{ word }}\s+[\p{Lu}]h?[.]\s?[\p{Lu}]h?[.]{{ '|' }}[\p{Lu}][.]\s?[\p{Lu}][.]\s?{{ word }}
    {{- '|' }}{{ surname() }}\s+[\p{Lu}]h?[.]
    {{- '|' }}[\p{Lu}][\p{Ll}]+([оеё]в[ау]?|[oe][vw]a?) [\p{Lu}][\p{Ll}]{3,}{{ '|' }}[\p{Lu}][\p{Ll}]{2,} [\p{Lu}][\p{Ll}]{2,}([оеё]в[ау]?|[oe][vw]a?)
    {{- '|' }}[\p{L}0-9.]+@[\p{L}0-9.-]+[.][\p{Ll}]{2,}{{ '|' }}[\p{Lu}][\p{Ll}]+[оеё]ва?[\p{Lu}]{2}
    {{- '|' }}[\p{Ll}]{3,}[ое]ва?\s+[абвдежзклмнопрсуфхшэюя][.]\s?[\p{Ll}][.]
{%- endmacro %}
