{#
The words of a place name, as keys of spellings, that may be a place each: the whole text,
its parts between commas, what it quotes; each of them also without the words that stand
before any name, from the airport on ("в аэропорту г. Алматы" is "аэропорт алматы").
#}
{% macro place_words(key) -%}
list_distinct(flatten(list_transform(
    list_concat(
        [{{ key }}],
        string_split_regex({{ key }}, '\s*,\s*'),
        regexp_extract_all({{ key }}, '["«]([^"«»]+)["»]', 1)
    ),
    lambda part: [part, {{ bare_place('part') }}]
)))
{%- endmacro %}

{% macro bare_place(part) -%}
trim(regexp_replace(
    regexp_replace(
        {{ part }},
        '(^|\s)(?:international|международн(?:ый|ого|ом|ому)|города|городе|город|гор\.|г\.)\s*',
        '\1',
        'g'
    ),
    '^.*?(?:^|\s)(аэропорт|airport of)(?:а|у|е|ом)? ',
    '\1 '
))
{%- endmacro %}
