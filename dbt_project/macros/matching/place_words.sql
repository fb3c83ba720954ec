{#
The words of a place name, as keys of spellings, that may be a place each: the whole text,
its parts between commas, or dots behind whole words, what it quotes; each of them also without the words that stand
before any name, from the airport on ("в аэропорту г. Алматы" is "аэропорт алматы") and from
behind a station on ("автовокзал г. Алматы"); and
provinces that a word for one tells within the text ("г. Атбасар Акмолинская обл").
What is quoted stands alone or behind a word for a post or a town: cafés, markets and
trains bear such names too. Numbers are those of houses, though posts have numbers.
#}
{% macro place_words(key) -%}
{%- set named_so = [
    '[акм]+пп', 'аэропорт', 'ж/д', 'застав', 'город', 'г[.]', 'комплекс', 'контрол', 'порт', 'пост', 'пропуск',
    'пункт', 'станци', 'таможн', 'терминал', 'b?cp', 'airport', 'checkpoint', 'city', 'crossing', 'customs', 'point',
    'port', 'post', 'station'
] -%}
list_distinct(list_concat({{ province_phrases(key) }}, flatten(list_transform(
    list_concat(
        [{{ key }}],
        list_filter(
            string_split_regex(
                regexp_replace(
                    {{ key }},
                    '(city|district|oblast|province|region|город|область|район)[.] ', '\1, ', 'g'
                ),
                '\s*,\s*'
            ),
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
))))
{%- endmacro %}

{#
Up to four words in a row with a word for a province among them, declined as after "in" or
not ("в Актюбинской области" is "актюбинская область"), or the letters of its name. Other
names within a text may be those of roads and streets.
#}
{% macro province_phrases(key) -%}
{%- set province = '(^|[^\\p{L}])(обл|oblast|oblys|oblus|region|provin|[vw]ela[yj]'
    ~ '|viloyat|вилоя|велая|республик|([взсю]ко|гбао|gbao|ррп)($|[^\\p{L}]))' -%}
{%- set declined = {
    '(ск|н)ой (автономн)ой обл': '\\1ая \\2ая обл', '(ск|н)ой обл': '\\1ая обл',
    '(област)(и|ью)': '\\1ь', '(республик)[иеу]': '\\1а', '[^\\p{L}'' .-]': ' | '
} -%}
{%- set words = namespace(sql=key) -%}
{%- for form, name in declined.items() -%}
    {%- set found = form | replace("'", "''") -%}
    {%- set words.sql -%}
        regexp_replace({{ words.sql }}, '{{ found }}', '{{ name }}', 'g')
    {%- endset -%}
{%- endfor -%}
if(
    regexp_matches({{ key }}, '{{ province }}'),
    list_filter(
        flatten(list_transform(
            [string_split_regex({{ words.sql }}, '[ .]+')],
            lambda words: flatten(list_transform(
                range(1, len(words) + 1),
                lambda first: list_transform(
                    range(4), lambda more: array_to_string(words[first:first + more], ' ')
                )
            ))
        )),
        lambda phrase: regexp_matches(phrase, '{{ province }}')
    ),
    []
)
{%- endmacro %}

{% macro bare_place(part) -%}
trim(regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace({{ part }}, '^(airport .+|.+ airport)\s+city$', '\1'),
            '^((ж/д |железнодорожный |авто)вокзал|(bus|railway) station)( of)?\s+', ''
        ),
        '(^|\s)(?:international|международн(?:ый|ого|ом|ому)|города|городе|город|гор\.|г\.)\s*',
        '\1',
        'g'
    ),
    '^.*?(?:^|\s)(аэропорт|airport of)(?:а|у|е|ом)? ',
    '\1 '
))
{%- endmacro %}

{#- A name beside a word for a town or a district. -#}
{% macro town_or_district() -%}
{%- set words = '(г|город|поселок|пгт|село|кишлак|аил|район|р-н|city|town|district|rayon'
    ~ '|raion|tumani?|village|etraby?)' -%}
(^((г|пос|пгт|с)[.] ?|{{ words }} )[\p{L}]{3}|[\p{L}]{3}[\p{L}''-]* {{ words }}$)
{%- endmacro %}
