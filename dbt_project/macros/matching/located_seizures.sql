{#- Where seizures lie, by the codes of their province and crossing point and by the words
    of their place: a common table expression `located`, one row for each country, place,
    province and crossing point that stand in one row. -#}
{% macro located_seizures(relation) -%}
numbered_places as (

    select
        country_code,
        place,
        subdivision_code,
        border_point_code,
        row_number() over () as place_number
    from {{ relation }} as numbered
    group by country_code, place, subdivision_code, border_point_code

),

named as (

    {% for codelist, codes in {
        'subdivisions': 'subdivision_codes', 'border_points': 'border_point_codes'
    }.items() -%}
    select
        numbered_places.place_number,
        '{{ codelist }}' as codelist,
        unnest(places.{{ codes }}) as code
    from numbered_places
    inner join {{ ref('int_places_found') }} as places
        on
            numbered_places.country_code = places.country_code
            and numbered_places.place = places.place
    union all
    {% endfor -%}
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
