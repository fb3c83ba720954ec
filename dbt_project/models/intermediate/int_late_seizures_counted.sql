-- Since when, and until when, a late seizure counted that was ever held back because an
-- earlier report has its record: other reports decide on that, and are corrected.
with decisions as (

    select
        submission_id,
        decided_at,
        lead(decided_at) over (partition by submission_id order by decided_at)
            as next_decided_at
    from {{ source('raw', 'decisions') }}
    where {{ known('decided_at') }}

),

errors as (

    select
        findings.submission_id,
        findings.sheet,
        findings.source_row,
        findings.rule = 'row_is_reported' as is_reported,
        decisions.decided_at,
        decisions.next_decided_at
    from {{ source('raw', 'findings') }} as findings
    inner join decisions
        on
            findings.submission_id = decisions.submission_id
            and findings.decided_at = decisions.decided_at
    where
        findings.severity = 'error'
        and findings.table_name = 'seizures'
        and findings.source_row is not null

),

-- What is wrong besides in the decision that holds counted at no time.
held as (

    select
        submission_id,
        sheet,
        source_row,
        list(decided_at) filter (where is_reported) as held_at
    from errors
    group by submission_id, sheet, source_row
    having
        bool_or(is_reported)
        and not bool_or(not is_reported and next_decided_at is null)

)

select
    held.submission_id,
    held.sheet,
    held.source_row,
    decisions.decided_at as counted_from,
    decisions.next_decided_at as counted_until
from held
inner join decisions on held.submission_id = decisions.submission_id
where not list_contains(held.held_at, decisions.decided_at)
