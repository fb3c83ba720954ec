{#- Accepted rows with the province and crossing point that their place names: a common
    table expression `located`. What contradicts what was stated is not taken. -#}
{% macro located_rows() -%}
located as (

    select
        accepted.*,
        places.subdivision_codes as provinces_named,
        case
            when accepted.border_point_code is null then places.subdivision_code
            when
                points.country_code = accepted.country_code
                and len(list_distinct(
                    list_append(places.all_subdivision_codes, points.subdivision_code)
                )) = 1
                then points.subdivision_code
        end as province_found,
        if(
            accepted.border_point_code is null and places.place is null,
            stated.subdivision_code, null
        ) as province_stated_elsewhere,
        if(
            len(list_distinct(
                list_append(places.all_subdivision_codes, accepted.admin_division_code)
            )) <= 1,
            places.border_point_code, null
        ) as point_found
    from accepted
    left join {{ ref('int_places_found') }} as places
        on
            accepted.country_code = places.country_code
            and accepted.place = places.place
            and accepted.place_personal is null
    left join {{ ref('int_places_stated') }} as stated
        on
            accepted.country_code = stated.country_code
            and accepted.place = stated.place
            and accepted.place_personal is null
    left join {{ ref('dim_border_points') }} as points
        on accepted.border_point_code = points.border_point_code

)
{%- endmacro %}

{#- Where a row lies and what that rests on (seed place_bases): what was stated, else what
    its place names, else the province of its crossing point, else what other rows state of
    a place of that spelling. -#}
{% macro resolved_places() -%}
coalesce(
        accepted.admin_division_code, accepted.province_found,
        accepted.province_stated_elsewhere
    ) as subdivision_code,
    case
        when accepted.admin_division_code is not null then 'STATED'
        when list_contains(accepted.provinces_named, accepted.province_found) then 'PLACE'
        when accepted.province_found is not null then 'BORDER_POINT'
        when accepted.province_stated_elsewhere is not null then 'SAME_PLACE'
    end as subdivision_basis,
    coalesce(accepted.border_point_code, accepted.point_found) as border_point_code,
    case
        when accepted.border_point_code is not null then 'STATED'
        when accepted.point_found is not null then 'PLACE'
    end as border_point_basis
{%- endmacro %}
