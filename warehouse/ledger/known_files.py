"""Files that the ledger knows, and what receiving them again would change; see warehouse.ledger.receipts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter

import duckdb

from warehouse.findings.finding import Finding
from warehouse.intake.identity import period_text
from warehouse.intake.inbox import Known, ReceivedFile
from warehouse.intake.landing import Reading
from warehouse.intake.submission import Subject, Submission, file_finding
from warehouse.ledger.in_force import LATEST, REPLACED, SPOKEN
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.sql import identifier
from warehouse.words.catalogue import N_

# The last time that the same bytes came under the same name, about each month that they hold. What is not decided yet
# might count.
_FILES = f"""
with {LATEST},
{SPOKEN},
timed as (
    select submission_id, bool_or(rule = 'period_in_future') as is_early, bool_or(rule = 'date_in_future') as is_dated
    from raw.findings
    where rule in ('period_in_future', 'date_in_future')
    group by submission_id
),
same as (
    select distinct sha256, country_code, reporting_month
    from raw.submissions inner join spoken using (submission_id)
    where spoken.is_in_force
),
came as (
    select submission_id, sha256, file_name, received_at, modified_at, position, arrival_number
    from raw.submissions inner join ledger.arrivals using (submission_id)
    union all
    select submission_id, sha256, file_name, received_at, modified_at, position, null from raw.copies
)
select
    came.sha256, came.file_name, submissions.country_code, submissions.reporting_month, came.received_at,
    came.modified_at,
    last_value(came.sha256) over (
        partition by came.file_name order by came.position nulls first, came.arrival_number
        rows between unbounded preceding and unbounded following
    ) <> came.sha256 as is_overwritten,
    same.sha256 is not null as is_in_force,
    same.sha256 is null and (latest.outcome is null or latest.outcome = 'accepted' and not coalesce(is_in_force, true))
        or coalesce(is_dated, false) and submissions.received_at::date < $today as counts_again,
    coalesce(is_early, false) and submissions.reporting_month <= $today
        and submissions.reporting_month > submissions.received_at::date as is_due
from came
inner join raw.submissions on came.submission_id = submissions.submission_id
left join latest on submissions.submission_id = latest.submission_id
left join spoken on submissions.submission_id = spoken.submission_id
left join timed on submissions.submission_id = timed.submission_id
left join same
    on submissions.sha256 = same.sha256 and submissions.country_code is not distinct from same.country_code
    and submissions.reporting_month is not distinct from same.reporting_month
where came.submission_id not in ({REPLACED})
qualify row_number() over (
    partition by came.sha256, came.file_name, submissions.country_code, submissions.reporting_month
    order by came.position desc nulls last, came.arrival_number desc
) = 1
order by came.position nulls first, came.arrival_number
"""

_AGAIN = N_(
    "the file holds what {other} did and counts again, in place of {replaced}. If an old file was only renamed or "
    "copied, send the right one again."
)
_TAKEN_BACK = f"""
with {LATEST}
select new.submission_id, max_by(old.file_name, old.arrival_number), max_by(later.file_name, later.arrival_number)
from raw.submissions as new
inner join raw.submissions as same on new.sha256 = same.sha256 and new.submission_id <> same.submission_id
inner join latest as old
    on same.submission_id = old.submission_id and old.outcome = 'accepted'
    and new.country_code = old.country_code and new.reporting_month = old.reporting_month
inner join latest as later
    on old.country_code = later.country_code and old.reporting_month = later.reporting_month
    and later.outcome = 'accepted' and old.arrival_number < later.arrival_number
inner join parts as held on old.submission_id = held.submission_id
inner join parts as holding
    on later.submission_id = holding.submission_id and held.table_name = holding.table_name
where new.submission_id in (select unnest(?::varchar[]))
group by new.submission_id
"""

_LEFT = N_(
    "the file covers {months} too and has no rows of this table there; the {count} rows that {other} reported of it "
    "stay in force. If they were withdrawn or belong to another month, send a file of {months} alone that says that "
    "there is nothing to report in this table."
)
_LEFT_UNSAID = N_(
    "the form has no rows of this table and does not say that there is nothing to report in it; the {count} rows that "
    "{other} reported of it stay in force. If they were withdrawn, answer yes beside the table on the cover and send "
    "the form again."
)
_LEFT_IN_FORCE = f"""
with {LATEST}
select table_name, list(distinct parts.reporting_month order by parts.reporting_month), sum(row_count)::bigint,
    any_value(file_name order by parts.reporting_month)
from parts inner join raw.submissions using (submission_id)
where is_current and row_count > 0 and parts.country_code = $country_code and sha256 <> $sha256
    and list_contains($months::date[], parts.reporting_month) and list_contains($tables::varchar[], table_name)
    and not list_contains(
        $held::varchar[], concat_ws(' ', parts.country_code, strftime(parts.reporting_month, '%Y-%m'), table_name)
    )
group by table_name, submission_id
order by all
"""

_ROWS_AGAIN = N_(
    "the rows are those of {other}, which {replaced} had replaced, and count again in its place. If that correction "
    "holds, enter it in this file too and send it again."
)
# What was sent before of a table of a month and is replaced, and what replaced it, the last first.
_REPLACED_BEFORE = f"""
with {LATEST}
select held.table_name, new.submission_id, held.submission_id, holding.submission_id, old.file_name, later.file_name
from raw.submissions as new
inner join (select distinct submission_id, table_name from raw.landings) as landed using (submission_id)
inner join parts as held
    on new.country_code = held.country_code and new.reporting_month = held.reporting_month
    and landed.table_name = held.table_name and not held.is_current and held.row_count > 0
inner join parts as holding
    on new.country_code = holding.country_code and new.reporting_month = holding.reporting_month
    and landed.table_name = holding.table_name and holding.is_current
inner join latest as old on held.submission_id = old.submission_id
inner join latest as later on holding.submission_id = later.submission_id and new.file_name <> later.file_name
inner join raw.submissions as sent on old.submission_id = sent.submission_id and new.sha256 <> sent.sha256
where new.submission_id in (select unnest(?::varchar[]))
order by 1, 2, old.arrival_number desc
"""


def known_files(connection: duckdb.DuckDBPyConnection, today: date) -> Known:
    """Return what the ledger holds of every file, as of a day (UTC)."""
    ids = connection.execute("select sha256, list(submission_id) from raw.submissions group by sha256").fetchall()
    files: dict[tuple[str, str], ReceivedFile] = {}
    for sha256, name, country, month, received_at, modified_at, is_overwritten, *holds in connection.execute(
        _FILES, {"today": today}
    ).fetchall():
        own = frozenset({(country, month)})
        parts = [own, *(own if one else own - own for one in holds)]
        if before := files.get((sha256, name)):
            parts = [part | one for part, one in zip(parts, _parts(before), strict=True)]
        files[sha256, name] = ReceivedFile(received_at, modified_at, is_overwritten, *parts)
    return Known(files, {sha256: tuple(names) for sha256, names in ids})


def _parts(file: ReceivedFile) -> tuple[frozenset[Subject], ...]:
    return file.subjects, file.in_force, file.counts_again, file.due


def again_findings(connection: duckdb.DuckDBPyConnection, submissions: Sequence[Submission]) -> list[Finding]:
    """Warn of each that puts an old report back in force: its file may only have been tidied up."""
    sent = {one.submission_id: one for one in submissions}
    rows = connection.execute(_TAKEN_BACK, [list(sent)]).fetchall()
    return [
        file_finding(sent[own], "warning", "sent_again", _AGAIN, other=other, replaced=replaced)
        for own, other, replaced in sorted(rows)
    ]


def rows_again_findings(connection: duckdb.DuckDBPyConnection, submissions: Sequence[Submission]) -> Iterator[Finding]:
    """Warn of tables whose rows are those of before a correction: a file of a year is kept beside that of its month."""
    sent = {one.submission_id: one for one in submissions}
    pairs = connection.execute(_REPLACED_BEFORE, [list(sent)]).fetchall()
    for table, group in groupby(pairs, itemgetter(0)):
        candidates = list(group)
        names = [field.name for field in load_questionnaire().table(table).fields]
        rows = connection.execute(
            f"select submission_id, count(*), sum(hash({', '.join(map(identifier, names))}, extra)) "
            f"from raw.{identifier(table)} where submission_id in (select unnest(?::varchar[])) group by submission_id",
            [sorted({name for pair in candidates for name in pair[1:4]})],
        ).fetchall()
        held = {submission_id: digest for submission_id, *digest in rows}
        again = {c[1]: c[2:] for c in reversed(candidates) if c[1] in held and held[c[1]] == held[c[2]]}
        for own, (_, current, other, replaced) in again.items():
            if held[own] != held.get(current):
                finding = file_finding(sent[own], "warning", "rows_again", _ROWS_AGAIN, other=other, replaced=replaced)
                yield replace(finding, table_name=table)


def left_findings(connection: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> Iterator[Finding]:
    """Warn of rows in force of which a file says nothing, so that they count on though they may have been withdrawn.

    They are of months that a file of several covers, or of tables that a form leaves empty. The warning stands in the
    answer to the first month of the file.
    """
    held = {
        f"{reading.submission.country_code} {reading.submission.reporting_month:%Y-%m} {landing.table_name}"
        for reading in readings
        for landing in reading.landings
        if reading.submission.reporting_month
    }
    files: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        if reading.span or reading.submission.unsaid_tables:
            files.setdefault((reading.submission.sha256, reading.submission.file_name), []).append(reading)
    for parts in files.values():
        first, span = parts[0].submission, parts[0].span
        own = (first.reporting_month,) if first.reporting_month else ()
        values = {
            "country_code": first.country_code,
            "sha256": first.sha256,
            "months": list(span.months if span else own),
            "tables": sorted({*first.unsaid_tables, *(one.table_name for part in parts for one in part.landings)}),
            "held": sorted(held),
        }
        for table, months, count, other in connection.execute(_LEFT_IN_FORCE, values).fetchall():
            finding = file_finding(
                first, "warning", "rows_left_in_force", _LEFT if span else _LEFT_UNSAID, months=period_text(months),
                count=count, other=other,
            )  # fmt: skip
            yield replace(finding, table_name=table)
