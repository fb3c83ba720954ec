-- How often a country answered for a month and table, and what its revisions changed.
with weights as (

    select
        submission_id,
        month_date,
        sum(quantity_kg order by drug_code) as quantity_kg
    from {{ ref('int_seizures_weighed') }}
    group by submission_id, month_date

),

arrived as (

    select
        submissions.*,
        decided.arrival_number,
        coalesce(weights.quantity_kg, 0) as quantity_kg
    from {{ ref('rpt_submissions') }} as submissions
    inner join {{ ref('int_submissions_decided') }} as decided
        on submissions.submission_id = decided.submission_id
    left join weights
        on
            submissions.submission_id = weights.submission_id
            and submissions.reporting_month = weights.month_date
            and submissions.table_name = 'seizures'

)

select
    country_code,
    reporting_month,
    table_name,
    greatest(count(*) filter (where outcome = 'accepted') - 1, 0) as revisions_count,
    count(*) filter (where outcome = 'rejected') as rejected_count,
    min(timeliness_days) filter (where outcome = 'accepted') as timeliness_days,
    arg_min(quantity_kg, arrival_number) filter (where outcome = 'accepted') as first_kg,
    arg_max(quantity_kg, arrival_number) filter (where outcome = 'accepted') as last_kg
from arrived
group by all
