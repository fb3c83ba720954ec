select
    country_code,
    month_date,
    coalesce(challenge_category_code, 'NOT_ANSWERED') as challenge_category_code,
    coalesce(severity_code, 'NOT_ANSWERED') as severity_code,
    any_value(try_cast(severity_code as integer)) as severity_number,
    count(*) as challenges_count,
    count(distinct border_point_code) as border_points_count
from {{ ref('fct_challenges') }}
group by all
order by all
