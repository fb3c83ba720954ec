{#- The provinces, crossing points and countries that stand in the text of a place, each
    text once: common table expressions up to `named`. -#}
{% macro places_named() -%}
sent as (

    select
        country_code,
        place,
        {{ spelling_key('place') }} as place_key
    from (
        select distinct
            country_code,
            place
        from {{ ref('stg_seizures') }}
        where place is not null and place_personal is null
    ) as staged

),

words as (

    select
        country_code,
        place,
        unnest({{ place_words('place_key') }}) as spelling_key
    from sent
    where place_key is not null

),

-- A word that is a province or its town and a post too is the town.
named as (

    select
        words.*,
        spellings.codelist,
        spellings.code
    from words
    inner join {{ ref('stg_spellings') }} as spellings
        on
            words.spelling_key = spellings.spelling_key
            and words.country_code = spellings.country_code
            and spellings.codelist in ('subdivisions', 'border_points', 'countries')
    qualify
        spellings.codelist <> 'border_points'
        or not bool_or(spellings.codelist = 'subdivisions')
            over (partition by words.country_code, words.spelling_key)

)
{%- endmacro %}
