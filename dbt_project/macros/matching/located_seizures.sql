{#- Where seizures lie, by the codes of their province and crossing point and by the words
    of their place: a common table expression `located`, one row for each country, place,
    province and crossing point that stand in one row. -#}
{% macro located_seizures(relation) -%}
numbered_places as (

    select
        country_code,
        place_key,
        subdivision_code,
        border_point_code,
        row_number() over () as place_number
    from {{ relation }} as numbered
    group by country_code, place_key, subdivision_code, border_point_code

),

places as (

    select
        place_number,
        country_code,
        unnest(list_concat(
            [place_key],
            string_split_regex(place_key, '\s*,\s*'),
            regexp_extract_all(place_key, '["«]([^"«»]+)["»]', 1)
        )) as spelling_key
    from numbered_places
    where place_key is not null

),

named as (

    select
        places.place_number,
        spellings.codelist,
        spellings.code
    from places
    inner join {{ ref('stg_spellings') }} as spellings
        on
            places.spelling_key = spellings.spelling_key
            and places.country_code = spellings.country_code
            and spellings.codelist in ('subdivisions', 'border_points')
    union all
    select
        place_number,
        'subdivisions' as codelist,
        subdivision_code as code
    from numbered_places
    union all
    select
        place_number,
        'border_points' as codelist,
        border_point_code as code
    from numbered_places

),

found as (

    select
        named.place_number,
        {% for codes, column in {
            'border_point_codes': 'points.border_point_code',
            'counterpart_codes': 'points.counterpart_border_point_code',
            'neighbour_country_codes': 'points.neighbour_country_code',
            'subdivision_codes': 'coalesce(points.subdivision_code, provinces.code)',
            'ground_country_codes': 'coalesce(points.country_code, provinces.country_code)',
        }.items() -%}
        list_filter(list(distinct {{ column }}), code -> code is not null)
            as {{ codes }}{{ ',' if not loop.last }}
        {% endfor %}
    from named
    left join {{ ref('dim_border_points') }} as points
        on named.codelist = 'border_points' and named.code = points.border_point_code
    left join {{ ref('subdivisions') }} as provinces
        on named.codelist = 'subdivisions' and named.code = provinces.code
    group by named.place_number

),

located as (

    select *
    from numbered_places
    inner join found using (place_number)

)
{%- endmacro %}
