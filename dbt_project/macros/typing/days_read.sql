{#- Which order the days of a submission have that can be read both ways: a common table
    expression `<field>_orders`, with a row for each submission in whose file the month stands
    first in some cells of the field because it must, and the day stands first in none. -#}
{% macro day_orders(table, field) -%}
{{ field }}_orders as (

    select submissions.submission_id
    from submissions
    inner join (
        select files.sha256
        from {{ source('raw', table) }} as rows_sent
        inner join files on rows_sent.submission_id = files.submission_id
        inner join {{ field }}_figures
            on {{ bare_text('rows_sent.' ~ field) }} = {{ field }}_figures.sent_text and {{ field }}_figures.is_habit
        group by files.sha256
        having bool_or({{ field }}_figures.is_month_first)
            and not bool_or({{ field }}_figures.other_day is null)
    ) as proven on submissions.sha256 = proven.sha256

)
{%- endmacro %}

{#- The columns of a date: `<field>_read`, the day in the country where a moment happened;
    `<field>_is_moved`, where that is another than the day written; `<field>_exchanged`, the day
    in the reporting month if day and month were exchanged and it is not in it as it stands;
    `<field>_is_either`, where that order is one of habit and nothing settles it. -#}
{% macro day_read(field) -%}
    {%- set figures = field ~ '_figures' -%}
    case
        when {{ figures }}.yearless is null then {{ figures }}.day
        -- A day without a year is one of the reporting month, or none.
        when split_part({{ figures }}.yearless, '-', 1) = cast(month(sent.reporting_month) as varchar)
            then cast(
                try_strptime(year(sent.reporting_month) || '-' || {{ figures }}.yearless, '%Y-%m-%d') as date
            )
    end as {{ field }}_written,
    if(
        date_trunc('month', {{ field }}_written) <> sent.reporting_month
        and date_trunc('month', {{ figures }}.other_day) = sent.reporting_month,
        {{ figures }}.other_day, null
    ) as {{ field }}_exchanged,
    {{ figures }}.is_habit and {{ field }}_exchanged is not null and {{ field }}_orders.submission_id is null
        as {{ field }}_is_either,
    case
        when {{ figures }}.moment is not null
            then coalesce(
                cast(timezone(zones.time_zone, timezone('UTC', {{ figures }}.moment)) as date), {{ field }}_written
            )
        when {{ figures }}.is_habit and {{ field }}_exchanged is not null and {{ field }}_orders.submission_id is not null
            then {{ field }}_exchanged
        else {{ field }}_written
    end as {{ field }}_read,
    {{ figures }}.moment is not null and {{ field }}_read <> {{ field }}_written
        as {{ field }}_is_moved
{%- endmacro %}

{#- The first day of the month of a cell; one without a year is the reporting month, or
    none. -#}
{% macro month_read(field) -%}
    case
        when {{ field }}_figures.month_number is null then {{ field }}_figures.month
        when {{ field }}_figures.month_number = month(sent.reporting_month) then sent.reporting_month
    end
{%- endmacro %}

{#- Why a cell that is neither empty nor marked as missing gives no safe date: 'ambiguous'
    or 'unreadable', else null. -#}
{% macro date_problem(field) -%}
    case
        when {{ field }} is null or {{ field }}_missing_code is not null then null
        when {{ field }}_read is null then 'unreadable'
        when {{ field }}_is_either then 'ambiguous'
    end
{%- endmacro %}

{#- Why a cell that is neither empty nor marked as missing names no month: 'unreadable',
    else null. -#}
{% macro month_problem(field) -%}
    case
        when {{ field }} is null or {{ field }}_missing_code is not null then null
        when {{ field }}_read is null then 'unreadable'
    end
{%- endmacro %}
