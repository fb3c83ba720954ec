{{ config(materialized='table') }}

-- Which provinces and crossing points the words of a place name, each text once. What
-- names two provinces, or another country or a province of it, lies in none: deliveries
-- are followed abroad.
with {{ places_named() }},

-- A province named around another one of the text ("Bishkek, Chu") says less of where
-- it was than that.
placed as (

    select
        named.country_code,
        named.place,
        points.border_point_code,
        if(points.border_point_code is null, provinces.code, null) as province_named,
        provinces.code as subdivision_code,
        coalesce(points.country_code, provinces.country_code, states.code)
            as ground_country_code,
        points.border_point_code is null and list_contains(
            list(provinces.within_code)
                over (partition by named.country_code, named.place),
            provinces.code
        ) as is_around
    from named
    left join {{ ref('dim_border_points') }} as points
        on named.codelist = 'border_points' and named.code = points.border_point_code
    left join {{ ref('subdivisions') }} as provinces
        on
            coalesce(
                points.subdivision_code,
                if(named.codelist = 'subdivisions', named.code, null)
            ) = provinces.code
    left join {{ ref('countries') }} as states
        on named.codelist = 'countries' and named.code = states.code

),

found as (

    select
        country_code,
        place,
        list_sort(list_distinct(list(province_named))) as subdivision_codes,
        list_sort(list_distinct(list(border_point_code))) as border_point_codes,
        list_sort(list_distinct(
            list(subdivision_code) filter (where is_around is not true)
        )) as all_subdivision_codes,
        bool_and(ground_country_code = country_code) as is_own_ground
    from placed
    group by country_code, place
    having count(border_point_code) + count(province_named) > 0

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
