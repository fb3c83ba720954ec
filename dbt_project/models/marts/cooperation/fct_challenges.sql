{{ accepted_rows('challenges', ['border_point', 'challenge_category', 'severity']) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.challenge_category_code,
    accepted.severity_code,
    {{ shared_text('challenge') }},
    {{ shared_text('support_requested') }},
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
