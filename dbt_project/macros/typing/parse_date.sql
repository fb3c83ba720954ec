{#- Dates as people of the region and their programs write them: ISO, day before month
    with dots, slashes or dashes, Excel's serial number, months in words, with the
    time of day and its zone behind them (written_days). With slashes or dashes the
    month may stand first where a day cannot; what reads both ways is taken day first,
    as the form asks, unless only the other reading lies in the month. -#}

{% macro _matches(text, pattern) -%} regexp_full_match({{ text }}, '{{ pattern }}') {%- endmacro %}

{% macro _day_month_year() -%}
    [0-9]{1,2}[./ -][0-9]{1,2}[./ -](19|20)?[0-9]{2}( ?г[.]?| года?)?
{%- endmacro %}

{% macro _year_month_day() -%}
    (19|20)[0-9]{2}[./ -][0-9]{1,2}[./ -][0-9]{1,2}(z|[+-][0-9]{2}:[0-9]{2})?
{%- endmacro %}

{#- The date of a year (two digits or four), a month and a day, as texts; null if
    there is none. -#}
{% macro _date_of(year, month, day) -%}
    try_strptime(
        if(len({{ year }}) = 2, if({{ year }} < '69', '20', '19'), '')
        || {{ year }} || '-' || {{ month }} || '-' || {{ day }},
        '%Y-%m-%d'
    )
{%- endmacro %}

{#- What each text of `texts` (a query with the column sent_text) says as a date: a select
    with a row for each, of the columns of written_days and `day`; `other_day` with day and
    month exchanged; `is_habit` where their order is one of habit, `is_month_first` where only
    one of them is a date; `yearless`, month and day of a date in words without a year;
    `moment` in UTC where a zone is named. Each step is a select of its own: the database
    plans an alias as often as it is used. -#}
{% macro date_figures(texts) -%}
    select
        *,
        is_habit and {{ _date_of('numbers[3]', 'numbers[2]', 'numbers[1]') }} is null as is_month_first,
        coalesce(
            clicked,
            cast(day as timestamp) + to_minutes(
                60 * (
                    try_cast(regexp_extract(clock, '^[0-9]+') as integer) % if(half = '', 24, 12)
                    + if(regexp_matches(half, '^(p|п)'), 12, 0)
                )
                + try_cast(regexp_extract(clock, '^[0-9]+[.:]([0-9]+)', 1) as integer) - shift
            )
        ) as moment
    from (
        select
            *,
            {{ _day_as_written() }} as day,
            cast(
                case
                    when is_three then {{ _date_of('numbers[3]', 'numbers[1]', 'numbers[2]') }}
                    when {{ _matches('bare_day', _year_month_day()) }}
                        then {{ _date_of('numbers[1]', 'numbers[3]', 'numbers[2]') }}
                end as date
            ) as other_day,
            case
                when len(named_months) = 1 and len(numbers) = 1 and not has_other_words
                    and {{ _matches('bare_day', '[0-9]{1,2}[^0-9].*') }}
                    then named_months[1] || '-' || numbers[1]
            end as yearless,
            is_three and contains(bare_day, '/') as is_habit
        from (
            select
                *,
                case
                    when {{ _matches('bare_day', '1[0-9]{12}|/date[(]1[0-9]{12}([+-][0-9]{4})?[)]/') }}
                        then epoch_ms(cast(regexp_extract(bare_day, '[0-9]{13}') as bigint))
                end as clicked,
                {{ _matches('bare_day', _day_month_year()) }} as is_three
            from ({{ written_days(texts) }})
        )
    )
{%- endmacro %}

{% macro _day_as_written() -%}
    cast(
        case
            when is_three
                then coalesce(
                    {{ _date_of('numbers[3]', 'numbers[2]', 'numbers[1]') }},
                    if(contains(bare_day, '.'), null, {{ _date_of('numbers[3]', 'numbers[1]', 'numbers[2]') }})
                )
            when {{ _matches('bare_day', _year_month_day()) }}
                then {{ _date_of('numbers[1]', 'numbers[2]', 'numbers[3]') }}
            when {{ _matches('bare_day', '(19|20)[0-9]{6}(t?[0-9]{6})?') }} then try_strptime(left(bare_day, 8), '%Y%m%d')
            when {{ _matches('bare_day', '[2-6][0-9]{4}([.,][0-9]+)?') }}
                then date '1899-12-30' + cast(left(bare_day, 5) as integer)
            when len(named_months) = 1 and len(numbers) = 2 and not has_other_words
                then case
                    when len(numbers[1]) = 4 and len(numbers[2]) < 3
                        then {{ _date_of('numbers[1]', 'named_months[1]', 'numbers[2]') }}
                    when len(numbers[1]) < 3 and len(numbers[2]) in (2, 4)
                        then {{ _date_of('numbers[2]', 'named_months[1]', 'numbers[1]') }}
                end
            else clicked
        end as date
    )
{%- endmacro %}

{#- What each text of `texts` says as a month: beside the columns of date_figures `month`,
    the first day of what it names ('2024-05', 'май 2024', 'апр.24' or a day), and
    `month_number` where it names no year ('май', '5'). -#}
{% macro month_figures(texts) -%}
    select
        *,
        cast(
            case
                when {{ _matches('bare_day', '(19|20)[0-9]{2}[-./ ]?(0?[1-9]|1[0-2])') }}
                    then try_strptime(
                        left(bare_day, 4) || '-' || regexp_extract(bare_day, '[0-9]{1,2}$') || '-1', '%Y-%m-%d'
                    )
                when {{ _matches('bare_day', '(0?[1-9]|1[0-2])[-./ ](19|20)[0-9]{2}( ?г[.]?)?') }}
                    then {{ _date_of('numbers[2]', 'numbers[1]', "'1'") }}
                when len(named_months) = 1 and len(numbers) = 1 and not has_other_words
                    and (len(numbers[1]) = 4 or {{ _matches('bare_day', '[^0-9]+[0-9]{2}([^0-9].*)?') }})
                    and len(numbers[1]) in (2, 4)
                    then {{ _date_of('numbers[1]', 'named_months[1]', "'1'") }}
                else date_trunc('month', day)
            end as date
        ) as month,
        case
            when len(named_months) = 1 and len(numbers) = 0 and not has_other_words then named_months[1]
            when {{ _matches('bare_day', '0?[1-9]|1[0-2]') }} then cast(bare_day as integer)
        end as month_number
    from ({{ date_figures(texts) }})
{%- endmacro %}
