{{ config(materialized='table') }}

-- Which provinces and crossing points the words of a place name, each text once. What
-- names two provinces, or another country or a province of it, lies in none: deliveries
-- are followed abroad.
with sent as (

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

),

found as (

    select
        named.country_code,
        named.place,
        list_sort(list_distinct(list(provinces.code))) as subdivision_codes,
        list_sort(list_distinct(list(points.border_point_code))) as border_point_codes,
        list_sort(list_distinct(list(coalesce(points.subdivision_code, provinces.code))))
            as all_subdivision_codes,
        bool_and(
            coalesce(points.country_code, provinces.country_code, states.code)
            = named.country_code
        ) as is_own_ground
    from named
    left join {{ ref('dim_border_points') }} as points
        on named.codelist = 'border_points' and named.code = points.border_point_code
    left join {{ ref('subdivisions') }} as provinces
        on named.codelist = 'subdivisions' and named.code = provinces.code
    left join {{ ref('countries') }} as states
        on named.codelist = 'countries' and named.code = states.code
    group by named.country_code, named.place
    having count(points.border_point_code) + count(provinces.code) > 0

)

select
    country_code,
    place,
    subdivision_codes,
    border_point_codes,
    all_subdivision_codes,
    if(is_own_ground and len(all_subdivision_codes) = 1, all_subdivision_codes[1], null)
        as subdivision_code,
    if(
        is_own_ground and len(border_point_codes) = 1 and len(all_subdivision_codes) <= 1,
        border_point_codes[1], null
    ) as border_point_code
from found
