-- Quantities of seizures that the decision in force doubts and nobody has confirmed: of a
-- row, or of each row of a sheet.
select distinct
    doubts.submission_id,
    doubts.sheet,
    doubts.row_doubted as source_row
from {{ source('ledger', 'doubts') }} as doubts
inner join {{ ref('int_submissions_decided') }} as decided
    on
        doubts.submission_id = decided.submission_id
        and coalesce(doubts.decided_at, decided.decided_at) = decided.decided_at
left join {{ source('raw', 'confirmations') }} as confirmed
    on
        decided.submission_id = confirmed.submission_id
        and decided.decided_at = confirmed.decided_at
        and doubts.reference = confirmed.reference
where confirmed.reference is null
