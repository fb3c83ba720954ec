select
    findings.submission_id,
    findings.table_name,
    findings.sheet,
    findings.source_row,
    -- Totals, parts of others and repetitions, whose seizures other rows count.
    bool_or(
        findings.rule in (
            'row_is_again', 'row_is_part', 'row_is_reported', 'row_is_sum',
            'row_is_total', 'row_is_wider', 'row_repeated'
        )
    ) as is_counted_elsewhere
from {{ source('raw', 'findings') }} as findings
inner join {{ ref('int_submissions_decided') }} as decided
    on
        findings.submission_id = decided.submission_id
        and findings.decided_at = decided.decided_at
where findings.severity = 'error' and findings.source_row is not null
group by
    findings.submission_id, findings.table_name, findings.sheet, findings.source_row
