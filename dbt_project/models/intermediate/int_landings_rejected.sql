-- Tables of which no row counts, by a finding about all of them or one of their reader.
select distinct
    decided.submission_id,
    findings.table_name
from {{ ref('int_submissions_decided') }} as decided
inner join {{ source('raw', 'findings') }} as findings
    on decided.submission_id = findings.submission_id
where
    findings.severity = 'error'
    and findings.table_name is not null
    and (
        findings.decided_at is null
        or (findings.decided_at = decided.decided_at and findings.source_row is null)
    )
