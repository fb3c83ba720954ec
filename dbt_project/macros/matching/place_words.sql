{#
The words of a place name, as keys of spellings, that may be a place each: the whole text,
its parts between commas, what it quotes; each of them also without the words that stand
before any name, from the airport on ("в аэропорту г. Алматы" is "аэропорт алматы").
What is quoted stands alone or behind a word for a post or a town: cafés, markets and
trains bear such names too. Numbers are those of houses, though posts have numbers.
#}
{% macro place_words(key) -%}
{%- set named_so = [
    '[акм]+пп', 'аэропорт', 'ж/д', 'застав', 'город', 'г[.]', 'комплекс', 'контрол', 'порт', 'пост', 'пропуск',
    'пункт', 'станци', 'таможн', 'терминал', 'b?cp', 'airport', 'checkpoint', 'city', 'crossing', 'customs', 'point',
    'port', 'post', 'station'
] -%}
list_distinct(flatten(list_transform(
    list_concat(
        [{{ key }}],
        list_filter(
            string_split_regex({{ key }}, '\s*,\s*'),
            lambda part: not regexp_full_match(part, '[0-9]+')
        ),
        regexp_extract_all(
            {{ key }},
            '(^|,|(^|[^\p{L}])({{ named_so | join("|") }})'
            || '[\p{L}]{0,2}[.]?)\s*["«“„]([^"«»“”„]+)["»”“]',
            4
        )
    ),
    lambda part: [part, {{ bare_place('part') }}]
)))
{%- endmacro %}

{% macro bare_place(part) -%}
trim(regexp_replace(
    regexp_replace(
        regexp_replace({{ part }}, '^(airport .+|.+ airport)\s+city$', '\1'),
        '(^|\s)(?:international|международн(?:ый|ого|ом|ому)|города|городе|город|гор\.|г\.)\s*',
        '\1',
        'g'
    ),
    '^.*?(?:^|\s)(аэропорт|airport of)(?:а|у|е|ом)? ',
    '\1 '
))
{%- endmacro %}
