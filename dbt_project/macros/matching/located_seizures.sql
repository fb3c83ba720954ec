{#- Where seizures lie, by the codes of their province and crossing point and by the words
    of their place: a common table expression `located`, one row per seizure. -#}
{% macro located_seizures(relation) -%}
places as (

    select
        numbered.seizure_id,
        numbered.country_code,
        unnest(list_concat(
            [numbered.place_key],
            string_split_regex(numbered.place_key, '\s*,\s*'),
            regexp_extract_all(numbered.place_key, '["«]([^"«»]+)["»]', 1)
        )) as spelling_key
    from {{ relation }} as numbered
    where numbered.place_key is not null

),

named as (

    select
        places.seizure_id,
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
        seizure_id,
        'subdivisions' as codelist,
        subdivision_code as code
    from {{ relation }} as numbered
    union all
    select
        seizure_id,
        'border_points' as codelist,
        border_point_code as code
    from {{ relation }} as numbered

),

located as (

    select
        named.seizure_id,
        list(distinct points.border_point_code) as border_point_codes,
        list(distinct points.counterpart_border_point_code) as counterpart_codes,
        list(distinct points.neighbour_country_code) as neighbour_country_codes,
        list(distinct coalesce(points.subdivision_code, provinces.code))
            as subdivision_codes,
        list(distinct coalesce(points.country_code, provinces.country_code))
            as ground_country_codes
    from named
    left join {{ ref('dim_border_points') }} as points
        on named.codelist = 'border_points' and named.code = points.border_point_code
    left join {{ ref('subdivisions') }} as provinces
        on named.codelist = 'subdivisions' and named.code = provinces.code
    group by named.seizure_id

)
{%- endmacro %}
