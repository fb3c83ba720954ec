-- Accepted submissions of a country and month: 0 is the first, the others are revisions.
with arrived as (

    select
        submissions.submission_id,
        submissions.country_code,
        submissions.reporting_month,
        submissions.timeliness_days,
        submissions.received_at,
        row_number() over ordered - 1 as revision_number,
        lead(submissions.received_at) over ordered as superseded_at
    from {{ ref('rpt_submissions') }} as submissions
    inner join {{ ref('int_submissions_decided') }} as decided
        on submissions.submission_id = decided.submission_id
    where submissions.table_name = 'seizures' and submissions.outcome = 'accepted'
    window ordered as (
        partition by submissions.country_code, submissions.reporting_month
        order by decided.arrival_number
    )

),

-- A drug that one of them names was seized no times according to the others.
named as (

    select distinct
        arrived.country_code,
        arrived.reporting_month,
        weighed.drug_code
    from arrived
    inner join {{ ref('int_seizures_weighed') }} as weighed
        on arrived.submission_id = weighed.submission_id

),

reported as (

    select
        arrived.*,
        named.drug_code,
        coalesce(sent.seizures_count, 0) as seizures_count,
        if(sent.submission_id is null, 0, sent.quantity_kg) as quantity_kg,
        if(sent.submission_id is null, 0, sent.questioned_kg) as questioned_kg
    from arrived
    inner join named
        on
            arrived.country_code = named.country_code
            and arrived.reporting_month = named.reporting_month
    left join {{ ref('int_seizures_weighed') }} as sent
        on (arrived.submission_id, named.drug_code) = (sent.submission_id, sent.drug_code)

),

compared as (

    select
        *,
        first_value(seizures_count) over so_far as first_count,
        first_value(quantity_kg) over so_far as first_kg,
        lag(seizures_count) over so_far as previous_count,
        lag(quantity_kg) over so_far as previous_kg
    from reported
    window so_far as (
        partition by country_code, reporting_month, drug_code order by revision_number
    )

)

select
    country_code,
    reporting_month as month_date,
    drug_code,
    revision_number,
    superseded_at is null as is_current,
    seizures_count,
    quantity_kg,
    questioned_kg,
    seizures_count - previous_count as revision_count,
    {{ revision_kg('previous_kg') }} as revision_kg,
    revision_kg / nullif(previous_kg, 0) as revision_ratio,
    if(revision_number = 0, null, seizures_count - first_count) as total_revision_count,
    {{ revision_kg('first_kg') }} as total_revision_kg,
    total_revision_kg / nullif(first_kg, 0) as total_revision_ratio,
    date_diff('month', reporting_month, received_at) as months_after_count,
    timeliness_days,
    received_at,
    superseded_at,
    submission_id
from compared
order by country_code, reporting_month, drug_code, revision_number
