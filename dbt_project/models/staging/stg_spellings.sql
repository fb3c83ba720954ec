{{ config(materialized='table') }}

-- Markers of a missing value ('--', 'not known') and words for all answers together
-- ('total') may answer every question, so every codelist has them.
{%- set codelists = [
    'activity_types', 'age_groups', 'agencies', 'border_points', 'challenge_categories', 'contact_stages',
    'contraband_categories', 'countries', 'crops', 'crossing_directions', 'crossing_modes', 'currencies',
    'detection_methods', 'drugs', 'equipment_items', 'exchange_channels', 'exchange_directions', 'hiding_places',
    'installations', 'laboratory_scales', 'market_levels', 'offences', 'position_classes', 'routings', 'severities', 'sexes',
    'source_classes', 'subdivisions', 'transport_modes', 'units', 'yes_no'
] %}

with listed as (

    {% for codelist in codelists + ['missing_values', 'totals'] -%}
    select
        '{{ codelist }}' as codelist,
        unnest([code, name_en, name_ru]) as spelling,
        code,
        null as country_code,
        2 as precedence
    from {{ ref(codelist) }}
    union all
    select
        '{{ codelist }}' as codelist,
        spelling,
        code,
        country_code,
        1 as precedence
    from {{ ref(codelist ~ '_spellings') }}
    {% if not loop.last -%} union all {% endif -%}
    {% endfor %}

),

everywhere as (

    select * from listed
    union all
    select
        lists.codelist,
        markers.spelling,
        markers.code,
        markers.country_code,
        3 as precedence
    from listed as markers
    cross join unnest({{ codelists }}) as lists (codelist)
    where markers.codelist = 'missing_values'
    union all
    select
        lists.codelist,
        unnest([words.spelling, words.spelling || ':']) as spelling,
        words.code,
        words.country_code,
        4 as precedence
    from listed as words
    cross join unnest({{ codelists }}) as lists (codelist)
    where words.codelist = 'totals'

),

keyed as (

    select
        everywhere.*,
        {{ spelling_key('everywhere.spelling') }} as spelling_key
    from everywhere

)

select
    keyed.codelist,
    members.code as country_code,
    keyed.spelling_key,
    if(keyed.precedence = 4, null, keyed.code) as code,
    keyed.precedence = 4 as is_total
from keyed
inner join {{ ref('countries') }} as members
    on
        members.is_member
        and coalesce(keyed.country_code, members.code) = members.code
-- An empty key would be the answer of every empty cell.
where keyed.spelling_key <> ''
-- A country's own meaning of a word goes before the general one.
qualify row_number() over (
    partition by keyed.codelist, members.code, keyed.spelling_key
    order by keyed.country_code is null, keyed.precedence, keyed.code
) = 1
