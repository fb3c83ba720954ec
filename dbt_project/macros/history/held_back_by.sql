{#- Seizures that an error holds back, by the columns `keys`, calendar_year among them or
    month_date: common table expressions `held`, of drugs that were read or, with
    `by_class`, of their classes, and `unread`, whose drug could not be read and may be
    any. -#}
{% macro held_back_by(keys, by_class=false) -%}
{%- set drug = 'drugs.unodc_class_code' if by_class else 'rows_held.drug_code' -%}
{%- for name, condition, columns in [
    ('held', 'is not null', keys + [drug]),
    ('unread', 'is null', keys)
] %}
{{ name }} as (

    select
        {% for column in columns -%}
        {% if column == 'calendar_year' -%}
        cast(year(rows_held.month_date) as integer) as calendar_year,
        {% elif '.' in column -%}
        {{ column }},
        {% else -%}
        rows_held.{{ column }},
        {% endif -%}
        {% endfor -%}
        sum(rows_held.held_back_count) as rows_count
    from {{ ref('int_seizures_held_back') }} as rows_held
    {% if by_class and name == 'held' -%}
    inner join {{ ref('dim_drugs') }} as drugs
        on rows_held.drug_code = drugs.drug_code
    {% endif -%}
    where rows_held.drug_code {{ condition }}
    group by all

)
{%- if not loop.last %},
{% endif %}
{%- endfor %}
{%- endmacro %}

{#- How many rows of a sum are held back: those of its drug and those that may be. -#}
{% macro held_back_count() -%}
    cast(coalesce(held.rows_count, 0) + coalesce(unread.rows_count, 0) as bigint)
        as held_back_count
{%- endmacro %}

{#- What is held back beside the sums of `cases`, each of a country, year and drug; rows
    may be of any of their finer keys. -#}
{% macro join_held_back(cases) -%}
left join held
    on
        {{ cases }}.country_code = held.country_code
        and {{ cases }}.calendar_year = held.calendar_year
        and {{ cases }}.drug_code = held.drug_code
left join unread
    on
        {{ cases }}.country_code = unread.country_code
        and {{ cases }}.calendar_year = unread.calendar_year
{%- endmacro %}
