-- Submissions that tell of a country and month: 0 is the first, the others are revisions.
-- A later report tells of an earlier month by its late rows.
with submissions as (

    select
        listed.submission_id,
        listed.country_code,
        listed.reporting_month,
        listed.received_at,
        decided.arrival_number,
        decided.first_decided_at
    from {{ ref('rpt_submissions') }} as listed
    inner join {{ ref('int_submissions_decided') }} as decided
        on listed.submission_id = decided.submission_id
    where listed.table_name = 'seizures' and listed.outcome = 'accepted'

),

-- A report tells of its own month, and of those of which any on the same month has rows.
told as (

    {{ months_told('submissions') }}

),

arrived as (

    select
        *,
        row_number() over ordered - 1 as revision_number,
        lead(received_at) over ordered as superseded_at,
        -- The last moment before the next report was decided on.
        greatest(
            first_decided_at, lead(first_decided_at) over ordered - interval 1 microsecond
        ) as known_at,
        lead(arrival_number) over (
            partition by country_code, reporting_month, month_date order by arrival_number
        ) as replacing_number
    from told
    window
        ordered as (partition by country_code, month_date order by arrival_number)

),

{{ reports_with_held_back('arrived') }},

compared as (

    select
        *,
        first_value(seizures_count) over so_far as first_count,
        first_value(quantity_kg) over so_far as first_kg,
        lag(seizures_count) over so_far as previous_count,
        lag(quantity_kg) over so_far as previous_kg
    from reported
    window so_far as (
        partition by country_code, month_date, drug_code order by revision_number
    )

)

select
    country_code,
    month_date,
    drug_code,
    revision_number,
    superseded_at is null as is_current,
    seizures_count,
    quantity_kg,
    questioned_kg,
    held_back_count,
    seizures_count - previous_count as revision_count,
    {{ revision_kg('previous_kg') }} as revision_kg,
    revision_kg / nullif(previous_kg, 0) as revision_ratio,
    if(revision_number = 0, null, seizures_count - first_count) as total_revision_count,
    {{ revision_kg('first_kg') }} as total_revision_kg,
    total_revision_kg / nullif(first_kg, 0) as total_revision_ratio,
    date_diff('month', month_date, received_at) as months_after_count,
    date_diff('day', last_day(month_date), cast(received_at as date)) as timeliness_days,
    received_at,
    superseded_at,
    reporting_month as report_month_date,
    submission_id
from compared
order by country_code, month_date, drug_code, revision_number
