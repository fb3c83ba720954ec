-- Which submission speaks for a country, month and table: the last to arrive of those of
-- which the table was accepted.
with answered as (

    select
        submission_id,
        table_name,
        sum(row_count) as row_count
    from {{ ref('stg_landings') }}
    group by all

)

select
    decided.submission_id,
    answered.table_name,
    decided.country_code,
    decided.reporting_month,
    decided.decided_at,
    answered.row_count
from {{ ref('int_submissions_decided') }} as decided
inner join answered on decided.submission_id = answered.submission_id
left join {{ ref('int_landings_rejected') }} as rejected
    on
        answered.submission_id = rejected.submission_id
        and answered.table_name = rejected.table_name
where decided.outcome = 'accepted' and rejected.submission_id is null
qualify row_number() over (
    partition by decided.country_code, decided.reporting_month, answered.table_name
    order by decided.arrival_number desc
) = 1
