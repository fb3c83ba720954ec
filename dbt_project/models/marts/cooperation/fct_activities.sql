{{ accepted_rows('activities', [
    'border_point', 'activity_type', 'counterpart_country'
]) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.activity_type_code,
    {{ shared_text('activity_name') }},
    accepted.counterpart_country_code,
    {{ shared_text('result') }},
    cast(accepted.participants_female_count as bigint) as participants_female_count,
    cast(accepted.participants_male_count as bigint) as participants_male_count,
    cast(accepted.seizures_count as bigint) as seizures_count,
    cast(accepted.detained_count as bigint) as detained_count,
    accepted.activity_date,
    accepted.activity_end_date,
    {{ counted_month('accepted', 'activity_date') }} as reporting_month,
    {{ row_origin() }}
from accepted
order by accepted.row_id
