-- The decision that holds on the day asked for: rules may change, and a submission is then decided anew.
with latest as (

    select *
    from {{ source('raw', 'decisions') }}
    where {{ known('decided_at') }}
    qualify row_number() over (partition by submission_id order by decided_at desc) = 1

)

select
    submissions.*,
    latest.outcome,
    latest.decided_at,
    latest.rules_version,
    latest.received_count,
    latest.accepted_count,
    latest.quarantined_count
from {{ ref('stg_submissions') }} as submissions
inner join latest on submissions.submission_id = latest.submission_id
where {{ known('submissions.received_at') }}
