{#- Dates as the region writes them: ISO, day before month with dots, slashes or dashes,
    Excel's serial number, Russian month names. A date with slashes that reads both ways is
    taken day first, as the form asks, unless only the other reading lies in the month. -#}

{% macro _matches(text, pattern) -%} regexp_full_match({{ text }}, '{{ pattern }}') {%- endmacro %}

{#- '3/4/12' as a day, with the order of day and month given ('%d.%m' or '%m.%d'). -#}
{% macro _in_order(text, order) -%}
    try_strptime(
        regexp_replace(regexp_extract({{ text }}, '^[0-9./-]+'), '[/-]', '.', 'g'),
        ['{{ order }}.%y', '{{ order }}.%Y']
    )
{%- endmacro %}

{% macro _day_month_year() -%} [0-9]{1,2}[./-][0-9]{1,2}[./-](19|20)?[0-9]{2}( ?г[.]?)? {%- endmacro %}

{#- The day as date, null if the cell is empty or unreadable. -#}
{% macro parse_date(text) -%}
    cast(
        case
            when {{ _matches(text, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9:.]+Z?)?') }}
                then try_strptime(regexp_extract({{ text }}, '^[0-9-]+'), '%Y-%m-%d')
            when {{ _matches(text, '[0-9]{4}[./][0-9]{1,2}[./][0-9]{1,2}') }}
                then try_strptime(replace({{ text }}, '/', '.'), '%Y.%m.%d')
            when {{ _matches(text, _day_month_year()) }} then {{ _in_order(text, '%d.%m') }}
            when {{ _matches(text, '[2-6][0-9]{4}([.]0+)?') }}
                then date '1899-12-30' + cast(left({{ text }}, 5) as integer)
            when {{ _matches(text, '[0-9]{1,2} [а-яА-Я]{3,} [0-9]{4}( ?г[.]?| года)?') }}
                then try_strptime(
                    regexp_extract({{ text }}, '[0-9]{4}') || '-' || coalesce(
                        list_position(
                            ['янв', 'фев', 'мар', 'апр', 'мая', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'],
                            lower(regexp_extract({{ text }}, ' ([а-яА-Я]{3})', 1))
                        ), 0
                    ) || '-' || regexp_extract({{ text }}, '^[0-9]+'), '%Y-%m-%d'
                )
        end as date
    )
{%- endmacro %}

{#- Why a cell that is neither empty nor marked as missing gives no safe date: 'ambiguous'
    or 'unreadable', else null. -#}
{% macro date_problem(field, month='reporting_month') -%}
    case
        when {{ field }} is null or {{ field }}_missing_code is not null then null
        when {{ field }}_read is null then 'unreadable'
        when {{ _matches(field, '[0-9]+/[0-9]+/[0-9]+') }}
            and date_trunc('month', {{ field }}_read) <> {{ month }}
            and date_trunc('month', {{ _in_order(field, '%m.%d') }}) = {{ month }}
            then 'ambiguous'
    end
{%- endmacro %}

{#- The first day of the month that a cell names: '2024-05', '05.2024' or a day. -#}
{% macro parse_month(text) -%}
    cast(
        case
            when {{ _matches(text, '(19|20)[0-9]{2}[-./](0?[1-9]|1[0-2])') }}
                then try_strptime(regexp_replace({{ text }}, '[./]', '-') || '-1', '%Y-%m-%d')
            when {{ _matches(text, '(0?[1-9]|1[0-2])[-./](19|20)[0-9]{2}') }}
                then try_strptime('1-' || regexp_replace({{ text }}, '[./]', '-'), '%d-%m-%Y')
            when {{ parse_date(text) }} is not null then date_trunc('month', {{ parse_date(text) }})
        end as date
    )
{%- endmacro %}

{#- Why a cell that is neither empty nor marked as missing names no month: 'unreadable',
    else null. -#}
{% macro month_problem(field) -%}
    case
        when {{ field }} is null or {{ field }}_missing_code is not null then null
        when {{ field }}_read is null then 'unreadable'
    end
{%- endmacro %}
