{{ config(materialized='table') }}

-- The province that all reports of a country in force state of a place of one spelling,
-- for its rows that state none. Only of what is called a town or a district: a "bus
-- station" may be anywhere. One row may be a slip, and so may the rows of one case: those
-- of another day or of another report have to say the same.
{{ accepted_rows('seizures', ['admin_division']) }},

reported as (

    select
        country_code,
        place,
        {{ spelling_key('place') }} as place_key,
        admin_division_code,
        first_case,
        last_case
    from (
        select
            country_code,
            place,
            admin_division_code,
            min(concat_ws(' ', submission_id, seizure_date)) as first_case,
            max(concat_ws(' ', submission_id, seizure_date)) as last_case
        from accepted
        where place is not null and place_personal is null
        group by country_code, place, admin_division_code
    ) as told

),

stated as (

    select
        reported.country_code,
        reported.place_key,
        min(reported.admin_division_code) as subdivision_code
    from reported
    left join {{ ref('subdivisions') }} as provinces
        on
            reported.admin_division_code = provinces.code
            and reported.country_code = provinces.country_code
    where
        reported.admin_division_code is not null
        and regexp_matches(reported.place_key, '{{ town_or_district() }}')
    group by reported.country_code, reported.place_key
    having
        count(distinct reported.admin_division_code) = 1
        and min(reported.first_case) < max(reported.last_case)
        and count(provinces.code) = count(*)

)

select distinct
    reported.country_code,
    reported.place,
    stated.subdivision_code
from reported
inner join stated
    on
        reported.country_code = stated.country_code
        and reported.place_key = stated.place_key
