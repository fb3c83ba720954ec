-- The decision that holds on the day asked for: when rules change, it is decided anew;
-- a file that a limit of the reader refused, and so has no format, is read again when
-- that limit rises. The months of one file have one receipt.
with latest as (

    select
        submission_id,
        outcome,
        decided_at,
        min(decided_at) over (partition by submission_id) as first_decided_at,
        rules_version,
        received_count,
        accepted_count,
        quarantined_count
    from {{ source('raw', 'decisions') }}
    where {{ known('decided_at') }}
    qualify row_number() over (partition by submission_id order by decided_at desc) = 1

)

select
    submissions.submission_id,
    submissions.sha256,
    submissions.country_code,
    submissions.reporting_month,
    submissions.received_at,
    submissions.file_name,
    arrivals.arrival_number,
    latest.outcome,
    latest.decided_at,
    latest.first_decided_at,
    latest.rules_version,
    latest.received_count,
    latest.accepted_count,
    latest.quarantined_count
from {{ ref('stg_submissions') }} as submissions
inner join latest on submissions.submission_id = latest.submission_id
inner join {{ source('ledger', 'arrivals') }} as arrivals
    on submissions.submission_id = arrivals.submission_id
where {{ known('submissions.received_at') }}
qualify
    submissions.file_format is not null
    or row_number() over (
        partition by submissions.sha256, submissions.file_name, submissions.received_at
        order by arrivals.arrival_number desc
    ) = 1
