{#- What a text says of a day before it is read: a select, with a row for each text of
    `texts` (a query with the column sent_text), of the columns

    bare_day: without the time of day and its zone, in small letters; clock: hours and
    minutes, '' if there are none; half: am or pm; shift: minutes by which the zone is
    ahead of UTC, null if none is named; numbers: its runs of digits; named_months:
    the months (1 to 12) that its words name; has_other_words: a word is neither a
    month nor one that goes with a date. -#}
{% macro written_days(texts) -%}
    select
        sent_text,
        bare_day,
        parts.clock as clock,
        parts.half as half,
        {{ _zone_shift() }} as shift,
        regexp_extract_all(bare_day, '[0-9]+') as numbers,
        list_filter(list_transform(words, lambda word: month_words.numbers[word]), lambda number: number is not null)
            as named_months,
        len(list_filter(
            words,
            lambda word: month_words.numbers[word] is null and not regexp_full_match(word, '{{ _date_word() }}')
        )) > 0 as has_other_words
    from (
        select
            sent_text,
            parts,
            rtrim(coalesce(nullif(parts.day, ''), written), ' ,') as bare_day,
            regexp_extract_all(bare_day, '{{ _small_letters() }}') as words
        from (
            select
                sent_text,
                replace(lower(regexp_replace(sent_text, '[\s\x{00a0}\x{2007}\x{2009}\x{202f}]+', ' ', 'g')), 'ё', 'е')
                    as written,
                regexp_extract(written, '{{ _day_and_clock() }}', ['day', 'clock', 'half', 'zone', 'offset']) as parts
            from ({{ texts }})
        )
    )
    left join {{ ref('stg_month_words') }} as month_words on true
{%- endmacro %}

{#- A day, the time of day with hundredths and the half of the day, and its zone: 'Z',
    '+05:00', 'UTC', 'GMT+5'. Oracle parts hours and minutes by dots; a browser adds
    the name of the zone. -#}
{% macro _day_and_clock() -%}
    {%- set colons -%} [0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,:][0-9]+)?)? {%- endset -%}
    {%- set dots -%} [0-2]?[0-9][.][0-5][0-9][.][0-5][0-9](?:[.,][0-9]+)? {%- endset -%}
    {%- set half -%} am|pm|a[.] ?m[.]|p[.] ?m[.]|дп|пп {%- endset -%}
    ^(.+?)(?:[ ,]+|t)({{ colons }}|{{ dots }}) ?({{ half }})? ?(z|utc|gmt)?([+-][0-9]{1,2}(?::?[0-9]{2})?)?(?: ?[(].*[)])?$
{%- endmacro %}

{% macro _zone_shift() -%}
    case
        when parts.offset <> '' then
            if(parts.offset[1] = '-', -1, 1) * (
                60 * cast(regexp_extract(parts.offset, '^[+-]([0-9]{1,2}?)(?::?[0-9]{2})?$', 1) as integer)
                + coalesce(try_cast(regexp_extract(parts.offset, '^[+-][0-9]{1,2}?:?([0-9]{2})$', 1) as integer), 0)
            )
        when parts.zone <> '' then 0
    end
{%- endmacro %}

{% macro _small_letters() -%}
    {%- set letters -%} [\p{Ll}]+ {%- endset -%}
    {{ in_ranges(letters) }}
{%- endmacro %}

{#- Words that go with a date in the languages of the region: year, day of the week,
    endings of numbers. -#}
{% macro _date_word() -%}
    г|год|года|году|ж|жыл|жылы|жылғы|жылдын|жылдың|жылга|сол|соли|йил|йили|йилги|yil|yili|yilgi|ýyl|ýyly|ýylyň
    {{- '|' }}st|nd|rd|th|of|the|nji|njy|чи|чы|и|а
    {{- '|' }}(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?
    {{- '|' }}понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс
{%- endmacro %}
