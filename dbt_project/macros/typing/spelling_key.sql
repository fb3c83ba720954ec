{#- Matching key of a spelling, as warehouse.questionnaire.codelists has it: lower case,
    ё as е, all apostrophes as one, white space runs as one. -#}
{% macro spelling_key(text) -%}
    replace(lower(trim(regexp_replace(
        regexp_replace({{ text }}, '[`´ʹʻʼʽʾʿˈ‘’‛′＇]', '''', 'g'),
        '[\s\x{00a0}\x{2007}\x{2009}\x{202f}]+', ' ', 'g'
    ))), 'ё', 'е')
{%- endmacro %}

{#- The words of some codelists in the countries of `submissions`: a common table
    expression `spellings`, read once for all cells that are looked up in it. -#}
{% macro spellings_of(codelists) -%}
spellings as materialized (

    select
        words.codelist,
        words.country_code,
        words.spelling_key,
        words.code,
        words.is_total
    from {{ ref('stg_spellings') }} as words
    where
        words.country_code in (select submissions.country_code from submissions)
        and words.codelist in ('{{ codelists | unique | sort | join("', '") }}')

)
{%- endmacro %}

{#- Join that finds the code of a coded cell in the words that its country uses; markers
    such as '--' have codes too. -#}
{% macro join_code(field, codelist, key) -%}
    left join spellings as {{ field }}_spelling
        on {{ field }}_spelling.codelist = '{{ codelist }}'
        and {{ field }}_spelling.country_code = sent.country_code
        and {{ field }}_spelling.spelling_key = {{ key }}
{%- endmacro %}

{#- The names of the coded fields whose cells say all together, parted by blanks; null if
    none. -#}
{% macro totals_stated(fields) -%}
    case
        when {% for field in fields %}{{ field }}_spelling.is_total{% if not loop.last %} or {% endif %}{% endfor %}
        then concat_ws(
            ' '
            {%- for field in fields %}, if({{ field }}_spelling.is_total, '{{ field }}', null){% endfor %}
        )
    end
{%- endmacro %}
