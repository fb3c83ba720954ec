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

found as (

    select
        words.country_code,
        words.place,
        list_sort(list_distinct(list(provinces.code))) as subdivision_codes,
        list_sort(list_distinct(list(points.border_point_code))) as border_point_codes,
        list_sort(list_distinct(list(coalesce(points.subdivision_code, provinces.code))))
            as all_subdivision_codes,
        bool_and(
            coalesce(points.country_code, provinces.country_code, states.code)
            = words.country_code
        ) as is_own_ground
    from words
    inner join {{ ref('stg_spellings') }} as spellings
        on
            words.spelling_key = spellings.spelling_key
            and words.country_code = spellings.country_code
            and spellings.codelist in ('subdivisions', 'border_points', 'countries')
    left join {{ ref('dim_border_points') }} as points
        on
            spellings.codelist = 'border_points'
            and spellings.code = points.border_point_code
    left join {{ ref('subdivisions') }} as provinces
        on spellings.codelist = 'subdivisions' and spellings.code = provinces.code
    left join {{ ref('countries') }} as states
        on spellings.codelist = 'countries' and spellings.code = states.code
    group by words.country_code, words.place
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
