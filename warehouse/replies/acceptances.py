"""Accepted proposals: what senders made of what we proposed, kept with the decision on the submission that did it.

A proposal is accepted where a later submission of the same country and month holds the proposed texts in the same row,
or the row no longer; a reply may say so too. A row that still stands there and whose sender replies that it may be left
out is left out: its finding is an error that nobody has to correct.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from warehouse.findings.proposal import Proposal, record_proposal
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.replies.repeated_findings import Recorded, find_again, read_findings
from warehouse.storage.sql import identifier

ACCEPTED = "ACCEPTED"
# The rule of replies that say something else than the cells beside them; see warehouse.replies.contradictions.
CONTRADICTED = "reply_contradicted"


def of_same_month(name: str, arrived: str) -> str:
    """Return the SQL that joins each submission, ``later``, with those of its country and month, each under a name.

    ``arrived`` compares the places at which these arrived with its own: ``<`` or ``<=``.
    """
    return f"""
    from raw.submissions as later
    inner join ledger.arrivals as own on later.submission_id = own.submission_id
    inner join raw.submissions as {name}
        on later.country_code = {name}.country_code and later.reporting_month = {name}.reporting_month
    inner join ledger.arrivals
        on {name}.submission_id = arrivals.submission_id and arrivals.arrival_number {arrived} own.arrival_number
    """


# The submission before each that waits, of the same country, month and some table, and when it was last answered.
_BEFORE = f"""
with tables as (select submission_id, list(distinct table_name) as names from raw.landings group by all),
before as (
    select pending.submission_id, arg_max(earlier.submission_id, arrivals.arrival_number) as before_id
    {of_same_month("earlier", "<")}
    inner join audit.pending as pending on later.submission_id = pending.submission_id
    inner join tables as mine on later.submission_id = mine.submission_id
    inner join tables as theirs
        on earlier.submission_id = theirs.submission_id and list_has_any(mine.names, theirs.names)
    where not pending.is_refused
    group by all
)
select before.submission_id, before_id, max(decisions.decided_at)
from before
inner join raw.decisions on before_id = decisions.submission_id and decisions.decided_at < $decided_at
where before_id in (select submission_id from raw.findings where proposal is not null)
group by all
order by all
"""
_ACCEPT = """
insert into raw.acceptances (
    submission_id, decided_at, table_name, sheet, source_row, rule, reference, proposal_submission_id,
    proposal_reference, proposal, reply_submission_id, reply
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Word(NamedTuple):
    """A reply that accepts: the submission that it came with, and what it says."""

    submission_id: str
    text: str


def may_be_left_out(finding: Recorded) -> bool:
    """Return whether the row of a finding is left out once its sender says so."""
    return finding.proposal is not None and finding.proposal.leaves_row_out and finding.source_row is not None


def leave_out(
    connection: duckdb.DuckDBPyConnection, found: Recorded, decided_at: datetime, proposed: Recorded, replying: str
) -> None:
    """Leave out the row of a finding as the sender of it replied: it is in no figure, and no question is open."""
    place = [found.submission_id, decided_at, found.table_name, found.sheet, found.source_row]
    word = connection.execute(
        "select any_value(reply) from raw.replies where submission_id = ? and reference = ? and code = ?",
        [replying, proposed.reference, ACCEPTED],
    ).fetchone()
    proposal = record_proposal(found.proposal or Proposal(""))
    connection.execute(
        _ACCEPT,
        [
            *place,
            found.rule,
            found.reference,
            proposed.submission_id,
            proposed.reference,
            proposal,
            replying,
            *(word or (None,)),
        ],
    )
    connection.execute(
        "update raw.findings set severity = 'error' where submission_id = ? and decided_at = ? and table_name = ? "
        "and sheet = ? and source_row = ? and rule = ?",
        [*place, found.rule],
    )


def accept_proposals(
    connection: duckdb.DuckDBPyConnection, decided_at: datetime, contradicted: Collection[tuple[str, str]] = ()
) -> None:
    """Record which proposals the submissions of ``audit.pending`` have followed since those before them.

    Not in those that are refused, which may be of another month, nor those that their senders followed by the cell and
    not by the word: ``contradicted`` holds the id of the submission and the reference of the finding with the proposal.
    """
    for submission_id, before_id, answered_at in connection.execute(_BEFORE, {"decided_at": decided_at}).fetchall():
        sent = _sent_tables(connection, submission_id)
        earlier = [
            finding for finding in read_findings(connection, before_id, answered_at)
            if finding.proposal and finding.table_name in sent
        ]  # fmt: skip
        again = set(find_again(earlier, read_findings(connection, submission_id, decided_at), alike=False).values())
        gone = [finding for place, finding in enumerate(earlier) if place not in again]
        words = _words(connection, submission_id)
        for finding in _followed(connection, submission_id, gone):
            if (submission_id, finding.reference) in contradicted:
                continue
            reply = words.get(finding.reference)
            place = [finding.table_name, None, None, finding.rule, None]
            connection.execute(
                _ACCEPT,
                [submission_id, decided_at, *place, before_id, finding.reference,
                 record_proposal(finding.proposal or Proposal("")), *(reply or (None, None))],
            )  # fmt: skip


def _sent_tables(connection: duckdb.DuckDBPyConnection, submission_id: str) -> set[str]:
    rows = connection.execute("select table_name from raw.landings where submission_id = ?", [submission_id]).fetchall()
    return {name for (name,) in rows}


def _words(connection: duckdb.DuckDBPyConnection, submission_id: str) -> Mapping[str, Word]:
    rows = connection.execute(
        "select reference, submission_id, reply from raw.replies where submission_id = ? and code = ? order by rowid",
        [submission_id, ACCEPTED],
    ).fetchall()
    return {reference: Word(*word) for reference, *word in rows}


def _followed(
    connection: duckdb.DuckDBPyConnection, submission_id: str, gone: Iterable[Recorded]
) -> Iterable[Recorded]:
    """Yield, of the findings that are gone, those whose rows are now as was proposed."""
    groups: dict[tuple[str, frozenset[str]], list[Recorded]] = {}
    for finding in gone:
        if finding.proposal and finding.proposal.heading:
            if _is_answered(connection, submission_id, finding.table_name or "", finding.proposal.heading):
                yield finding
        elif not (finding.proposal and (finding.proposal.cells or finding.answers)):
            yield finding  # it stood as proposed in the workbook that went back
        elif finding.proposal.cells or finding.proposal.leaves_row_out:
            groups.setdefault((finding.table_name or "", finding.doubted), []).append(finding)
    for (table, free), found in groups.items():
        rows = rows_alike(connection, table, free, found, submission_id)
        yield from (finding for finding in found if _is_followed(finding, rows[place_of(finding)]))


def _is_answered(connection: duckdb.DuckDBPyConnection, submission_id: str, table: str, field: str) -> bool:
    """Return whether a submission answers a question in some row."""
    answered = connection.execute(
        f"select 1 from raw.{identifier(table)} where submission_id = ? and trim({identifier(field)}) <> '' limit 1",
        [submission_id],
    )
    return answered.fetchone() is not None


class Alike(NamedTuple):
    """The rows that are alike but for some fields, of a submission and of a later one: sheet and row → those fields."""

    before: Mapping[tuple[str, int], Mapping[str, str]]
    later: Mapping[tuple[str, int], Mapping[str, str]]

    def as_proposed(self, proposal: Proposal) -> list[tuple[str, int]]:
        """Return sheet and row of those later rows that hold what is proposed, where fewer did before."""

        def holding(rows: Mapping[tuple[str, int], Mapping[str, str]]) -> list[tuple[str, int]]:
            wanted = proposal.cells.items()
            return [place for place, row in rows.items() if all(row.get(name, "") == text for name, text in wanted)]

        found = holding(self.later)
        return found if len(found) > len(holding(self.before)) else []


def _is_followed(finding: Recorded, rows: Alike) -> bool:
    if finding.proposal is None or finding.proposal.leaves_row_out:
        return len(rows.later) < len(rows.before)
    return bool(rows.as_proposed(finding.proposal))


def place_of(finding: Recorded) -> tuple[str, int]:
    """Return sheet and row of a finding, as the tables of schema raw have them."""
    return finding.sheet or "", finding.source_row or 0


def rows_alike(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    free: frozenset[str],
    findings: Sequence[Recorded],
    submission_id: str,
) -> dict[tuple[str, int], Alike]:
    """Return sheet and row of each finding → the rows of its submission and of a later one that are alike.

    All findings are about one table of one submission. The fields ``free`` are not compared.
    """
    names = [field.name for field in load_questionnaire().table(table).fields]
    compared, others = _texts(name for name in names if name not in free), _texts(sorted(free))
    rows = connection.execute(
        f"""
        with asked as (select distinct unnest($sheets::varchar[]) as sheet, unnest($numbers::bigint[]) as source_row),
        sent as materialized (
            select submission_id, sheet, source_row, [{compared}] as answers, [{others}] as free
            from raw.{identifier(table)} where submission_id in ($earlier, $later)
        ),
        about as (select sheet, source_row, answers from sent semi join asked using (sheet, source_row)
                  where submission_id = $earlier)
        select about.sheet, about.source_row, submission_id = $later, sent.sheet, sent.source_row, sent.free
        from about inner join sent using (answers)
        order by all
        """,
        {
            "earlier": findings[0].submission_id, "later": submission_id,
            "sheets": [finding.sheet or "" for finding in findings],
            "numbers": [finding.source_row for finding in findings],
        },
    ).fetchall()  # fmt: skip
    found: dict[tuple[str, int], tuple[dict[tuple[str, int], Mapping[str, str]], ...]] = {}
    for sheet, number, is_later, *place, texts in rows:
        parts = found.setdefault((sheet, number), ({}, {}))
        parts[is_later][place[0], place[1]] = dict(zip(sorted(free), texts, strict=True))
    return {place: Alike(*parts) for place, parts in found.items()}


def _texts(names: Iterable[str]) -> str:
    return ", ".join(f"trim(coalesce({identifier(name)}, ''))" for name in names)
