"""What a decision leaves its sender to do, as answers, runs and reports count it."""

from warehouse.replies.confirmations import CONFIRMABLE
from warehouse.storage.sql import literal

# The rules of our findings that too many rows have errors, of a submission or of one of its tables. They follow from
# the others: answers give them as their verdict.
VERDICTS = TOO_BAD, TABLE_TOO_BAD = ("submission_rejected", "table_rejected")

# Joins findings with those of them whose rows their senders leave out: they have a rule in left_out.
LEFT_OUT = """
    left join (select * from raw.acceptances where reference is not null) as left_out
        on findings.submission_id = left_out.submission_id and findings.decided_at = left_out.decided_at
        and findings.table_name = left_out.table_name and findings.sheet = left_out.sheet
        and findings.source_row = left_out.source_row and findings.rule = left_out.rule
"""
_WAITS = f"findings.rule in ({', '.join(map(literal, sorted(CONFIRMABLE)))})"
# Common table expression ``opened``. Errors are to be corrected, VERDICTS aside; warnings, and rows that wait for their
# senders, are to be confirmed or corrected. What is confirmed, and rows left out as their senders said, are neither.
OPENED = f"""
opened as (
    select
        decisions.submission_id, decisions.decided_at,
        count(*) filter (
            severity = 'error' and findings.rule not in {VERDICTS} and not {_WAITS} and left_out.rule is null
        ) as errors_count,
        count(*) filter ((severity = 'warning' or {_WAITS}) and left_out.rule is null)
            - any_value(coalesce(confirmed.row_count, 0)) as warnings_count,
        any_value(coalesce(confirmed.row_count, 0)) as confirmed_count
    from raw.decisions
    left join raw.findings
        on decisions.submission_id = findings.submission_id
        and (findings.decided_at is null or findings.decided_at = decisions.decided_at)
    {LEFT_OUT}
    left join (
        select submission_id, decided_at, count(*) as row_count from raw.confirmations group by all
    ) as confirmed
        on decisions.submission_id = confirmed.submission_id and decisions.decided_at = confirmed.decided_at
    group by decisions.submission_id, decisions.decided_at
)
"""
