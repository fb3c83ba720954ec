-- How often a country answered for a month and table, and what its revisions changed.
with weights as (

    select
        staged.submission_id,
        sum(staged.quantity_kg order by staged.sheet, staged.source_row) as quantity_kg
    from {{ ref('stg_seizures') }} as staged
    left join {{ ref('int_rows_quarantined') }} as quarantined
        on
            staged.submission_id = quarantined.submission_id
            and quarantined.table_name = 'seizures'
            and staged.sheet = quarantined.sheet
            and staged.source_row = quarantined.source_row
    where quarantined.submission_id is null
    group by staged.submission_id

),

arrived as (

    select
        submissions.*,
        (submissions.received_at, submissions.file_name) as arrival,
        coalesce(weights.quantity_kg, 0) as quantity_kg
    from {{ ref('rpt_submissions') }} as submissions
    left join weights
        on
            submissions.submission_id = weights.submission_id
            and submissions.table_name = 'seizures'

)

select
    country_code,
    reporting_month,
    table_name,
    greatest(count(*) filter (where outcome = 'accepted') - 1, 0) as revisions_count,
    count(*) filter (where outcome = 'rejected') as rejected_count,
    min(timeliness_days) filter (where outcome = 'accepted') as timeliness_days,
    arg_min(quantity_kg, arrival) filter (where outcome = 'accepted') as first_kg,
    arg_max(quantity_kg, arrival) filter (where outcome = 'accepted') as last_kg
from arrived
group by all
