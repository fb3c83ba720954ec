{#- What a text tells of a person: 'NAME', 'NUMBER' (of a passport, an identity card or a
    telephone), or null. `has_numbers` is false for the reference of a case, whose digits may
    look like any number. tests/warehouse/transform/test_personal_data.py measures it. -#}
{% macro personal_data(text, has_numbers=true) -%}
    case
        when {{ has_name(text) }} then 'NAME'
        {% if has_numbers -%} when {{ has_number(text) }} then 'NUMBER' {%- endif %}
    end
{%- endmacro %}

{#- A name has a capital letter in front or a patronymic at the end. -#}
{% macro has_name(text) -%}
    regexp_matches(
        regexp_replace({{ text }}, '{{ in_ranges(named_after()) }}', ' ', 'g'),
        '{{ in_ranges('(^|[^\\p{L}])(' ~ name_pattern() ~ ')($|[^\\p{L}])') }}'
    )
{%- endmacro %}

{#- None of these numbers has less than six digits, and most texts have. -#}
{% macro has_number(text) -%}
    case
        when regexp_matches({{ text }}, '([0-9][^0-9]*){6}')
            then regexp_matches(
                regexp_replace({{ text }}, '{{ in_ranges(goods_number()) }}', ' ', 'g'),
                '{{ in_ranges(number_pattern()) }}'
            ) or {{ has_identity_number(text) }}
        else false
    end
{%- endmacro %}

{#- Streets, districts and towns that are called after somebody, and states with dots. -#}
{% macro named_after() -%}
    {%- set initials -%} ([\p{Lu}][.] ?){0,2} {%- endset -%}
    (?i:имени|им[.]|улиц[аеыу]|ул[.]|просп[\p{L}]*|street|st[.]) ?{{ initials }}[\p{Lu}][\p{L}-]+( [\p{Lu}][\p{L}-]+)?
    {{- '|' }}(?i:турсунзад[аеы]|tursunzod[ae]|\b[ud][.][skcn][.]|(джаббор|бободжон|jabbor|bobojon) [\p{L}]+)
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
    {{- '|' }}{{ word }}\s+[\p{Lu}][.]\s?[\p{Lu}][.]{{ '|' }}[\p{Lu}][.]\s?[\p{Lu}][.]\s?{{ word }}
    {{- '|' }}{{ surname() }}\s+[\p{Lu}][.]
    {{- '|' }}{{ person() }}[.]?[:,]?\s([\p{L}]+[.]?,?\s){0,3}{{ surname() }}
    {{- '|' }}[\p{Lu}][\p{Ll}]+([оеё]ва?|[oe]va?) [\p{Lu}][\p{Ll}]{3,}
    {{- '|' }}{{ surname() }}\s+{{ given_name() }}{{ '|' }}{{ given_name() }}\s+{{ surname() }}
{%- endmacro %}

{#- Endings of the families of the region, in every case of Russian. -#}
{% macro surname() -%}
    [\p{Lu}][\p{L}-]+(?i:[оеё]в|[ыи]н|[сц]к(ий|ая)|енко|[oey]v|in|sk[iy]y?)(?i:а|у|ым|ой|е|a)?
{%- endmacro %}

{#- Who is named with a family name alone. -#}
{% macro person() -%}
    (?i:гр|гр-н|гр-к[аиу]|граждан(ин|ина|ину|ка|ки|ке|ку)|подозреваем[\p{L}]+|обвиняем[\p{L}]+|(задерж|опрош|осужд|привлеч)[аеё]н[\p{L}]*
    {{- '|' }}водител[\p{L}]+|пассажир[\p{L}]*|курьер[\p{L}]*|получател[\p{L}]+|следовател[\p{L}]+|начальник[\p{L}]*|некий
    {{- '|' }}лейтенант[\p{L}]*|капитан[\p{L}]*|майор[\p{L}]*|(под)?полковник[\p{L}]*|инспектор[\p{L}]*|кинолог[\p{L}]*
    {{- '|' }}citizen|suspects?|detained|driver|passenger|courier|named|mrs?|ms|officer|lieutenant|captain|major|colonel|inspector)
{%- endmacro %}

{% macro given_name() -%}
    (?i:алишер|рустам|бахти[её]р|азиз|фарход|шерзод|тимур|нурлан|ерлан|ержан|данияр|асхат|даурен|айгуль|гульнара|мадина
    {{- '|' }}дильшод|жасур|отабек|санжар|улугбек|акмал|бекзод|фируз|далер|джамшед|умед|сухроб|зафар|бакыт|айнура|мерген
    {{- '|' }}батыр|мурад|мухаммад|абдулло|иван|серг[\p{L}]{2}|андре[\p{L}]|александр|дмитрий|алексе[\p{L}]|никола[\p{L}]|ольга
    {{- '|' }}елена|наталья|мария|виктор|владимир|михаил|юри[\p{L}]|anna|alisher|rustam|bakhti[yj]or|aziz|farhod|sherzod
    {{- '|' }}timur|nurlan|yerlan|daniyar|askhat|aigul|gulnara|madina|dilshod|jasur|otabek|sanjar|ulugbek|akmal|bekzod
    {{- '|' }}firuz|daler|jamshed|umed|suhrob|zafar|bakyt|merg?en|murad|ivan|sergei|sergey|andrei|alexander|dmitry|elena
    {{- '|' }}[\p{L}]{2,}(бек|бай|жан|жон|джон|улло|мур[аo]т|мурод|г[уү]ль?|дин|bek|zhan|jon|ullo|mur[ao][dt]|gul|din))
{%- endmacro %}
