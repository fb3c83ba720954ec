select distinct
    findings.submission_id,
    findings.table_name,
    findings.sheet,
    findings.source_row
from {{ source('raw', 'findings') }} as findings
inner join {{ ref('int_submissions_decided') }} as decided
    on
        findings.submission_id = decided.submission_id
        and findings.decided_at = decided.decided_at
where findings.severity = 'error' and findings.source_row is not null
