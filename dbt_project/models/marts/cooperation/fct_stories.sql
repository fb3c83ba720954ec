{{ accepted_rows('stories', ['border_point', 'cleared_for_publication']) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    {{ shared_text('story_title') }},
    {{ shared_text('story_text') }},
    {{ shared_text('record_id', 'null') }},
    accepted.cleared_for_publication_code,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
where accepted.cleared_for_publication_code = 'YES'
order by accepted.row_id
