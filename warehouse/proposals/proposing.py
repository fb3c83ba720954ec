"""Proposing: who proposes for the findings of which rule, and the rows that they need to see for it."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from warehouse.findings.finding import Finding
from warehouse.findings.proposal import Proposal
from warehouse.proposals import days, numbers, rows, spellings
from warehouse.proposals.doubt import Doubt, Proposer, Sender, given_answers
from warehouse.questionnaire.definition import Table, load_questionnaire
from warehouse.storage.database import rows_as_dicts
from warehouse.storage.sql import identifier

_NUMBERS: Mapping[str, Proposer] = {
    "value_unreadable": numbers.unread_number,
    "value_ambiguous": numbers.counted,
}
_DAYS: Mapping[str, Proposer] = {
    "value_unreadable": days.day_in_month,
    "value_ambiguous": days.day_in_month,
}
PROPOSERS: Mapping[str, Proposer] = {
    "border_point_foreign": spellings.counterpart,
    "code_unknown": spellings.unknown_code,
    "date_in_future": days.day_outside,
    "date_outside_period": days.day_outside,
    "day_moved": days.read_day,
    "measure_missing": numbers.missing_unit,
    "number_is_date": numbers.number_of_day,
    "number_marked": numbers.marked_number,
    "number_not_whole": numbers.counted,
    "prices_disordered": numbers.prices,
    "quantity_has_words": numbers.unit_in_number,
    "quantity_implausible": numbers.smaller_unit,
    "record_repeated": rows.repeated,
    "row_is_again": rows.total,
    "row_is_part": rows.total,
    "row_is_sum": rows.total,
    "row_is_total": rows.total,
    "row_is_wider": rows.total,
    "row_repeated": rows.repeated,
    "share_below_one": numbers.share,
    "text_damaged": spellings.damaged_name,
    "total_alone": rows.total_alone,
    "unit_contradicted": numbers.other_unit,
    "unit_in_quantity": numbers.unit_in_number,
    "value_missing": numbers.missing_unit,
}
_BY_USUAL = ("measure_missing", "value_missing")
_BY_PEERS = ("date_in_future", "date_outside_period", "share_below_one", "unit_contradicted")
OTHER_ROW = "first_row"

# A row of a submission: its id, sheet and number.
_Place = tuple[str, str, int]
# What findings are about: submission, rule and field.
_About = tuple[str, str, str]


def propose(connection: duckdb.DuckDBPyConnection, findings: Sequence[Finding], codelists: Path) -> list[Finding]:
    """Return the findings in the same order, with a proposal where there is one likely right value.

    ``codelists`` is the folder of the seeds. The rows are those of schema raw, as they were sent.
    """
    proposing = _Proposing(connection, codelists)
    wanted: dict[str, list[Finding]] = {}
    for finding in findings:
        if _asks(finding):
            wanted.setdefault(finding.table_name or "", []).append(finding)
    found: dict[int, Proposal] = {}
    for name, about in wanted.items():
        found |= proposing.for_table(load_questionnaire().table(name), about)
    return [
        dataclasses.replace(finding, proposal=found[id(finding)]) if id(finding) in found else finding
        for finding in findings
    ]


def _asks(finding: Finding) -> bool:
    is_known = finding.rule in PROPOSERS or finding.rule in _NUMBERS
    return is_known and finding.proposal is None and finding.source_row is not None and finding.table_name is not None


class _Proposing:
    def __init__(self, connection: duckdb.DuckDBPyConnection, codelists: Path) -> None:
        self.connection, self.codelists = connection, codelists

    def for_table(self, table: Table, findings: Sequence[Finding]) -> dict[int, Proposal]:
        """Return the proposals for findings about rows of a table, by the identity of the finding."""
        places = [_place(finding) for finding in findings]
        others = [_other(finding) for finding in findings]
        answers = self._answers(table, {*places, *(place for place in others if place)})
        senders = self._senders({place[0] for place in places})
        peers = _peers(findings)
        shares, usual = self._shares(table, peers), self._usual(table, findings)
        found = {}
        for finding, place, other in zip(findings, places, others, strict=True):
            proposer = proposer_of(finding, table)
            key = place[0], finding.rule, finding.field or ""
            doubt = Doubt(
                finding, table, answers.get(place, {}), senders[place[0]], answers.get(other, {}) if other else {},
                shares.get(key, 0.0), peers.get(key, ()), usual.get((place[0], finding.field or ""), {}),
            )  # fmt: skip
            if proposer and (proposal := proposer(doubt)):
                found[id(finding)] = proposal
        return found

    def _answers(self, table: Table, places: Iterable[_Place]) -> dict[_Place, dict[str, str]]:
        names = ", ".join(identifier(field.name) for field in table.fields)
        rows = self.connection.execute(
            f"""
            select submission_id, sheet, source_row, {names}
            from raw.{identifier(table.name)}
            where (submission_id, sheet, source_row) in (
                select (unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::bigint[]))
            )
            """,
            [list(column) for column in zip(*places, strict=True)],
        )
        return {
            (row.pop("submission_id"), row.pop("sheet"), row.pop("source_row")): given_answers(row)
            for row in rows_as_dicts(rows)
        }

    def _senders(self, submission_ids: Iterable[str]) -> dict[str, Sender]:
        rows = self.connection.execute(
            "select submission_id, country_code, reporting_month from raw.submissions "
            "where submission_id in (select unnest(?::varchar[]))",
            [list(submission_ids)],
        ).fetchall()
        return {name: Sender(country, month, self.codelists) for name, country, month in rows}

    def _usual(self, table: Table, findings: Iterable[Finding]) -> dict[tuple[str, str], dict[str, int]]:
        """Return submission and field → how often each text answers it, where proposals depend on that."""
        usual: dict[tuple[str, str], dict[str, int]] = {}
        about = {(f.field or "", f.submission_id or "") for f in findings if f.rule in _BY_USUAL}
        for field in {field for field, _ in about if field and table.field(field).codelist}:
            rows = self.connection.execute(
                f"select submission_id, trim({identifier(field)}) as answer, count(*) "
                f"from raw.{identifier(table.name)} "
                "where submission_id in (select unnest(?::varchar[])) and answer <> '' group by all",
                [[name for other, name in about if other == field]],
            ).fetchall()
            for submission_id, text, count in rows:
                usual.setdefault((submission_id, field), {})[text] = count
        return usual

    def _shares(self, table: Table, peers: Mapping[_About, Sequence[str]]) -> dict[_About, float]:
        """Return the share of answered rows with a finding; 0 where only one row is answered."""
        shares: dict[_About, float] = {}
        for field in {field for _, _, field in peers}:
            answered = dict(
                self.connection.execute(
                    f"select submission_id, count(nullif(trim({identifier(field)}), '')) "
                    f"from raw.{identifier(table.name)} "
                    "where submission_id in (select unnest(?::varchar[])) group by all",
                    [[name for name, _, other in peers if other == field]],
                ).fetchall()
            )
            shares |= {
                key: len(texts) / answered[key[0]] if answered.get(key[0], 0) > 1 else 0.0
                for key, texts in peers.items()
                if key[2] == field
            }
        return shares


def _peers(findings: Iterable[Finding]) -> dict[_About, list[str]]:
    """Return the answers that the same rule doubts, where a proposal depends on them."""
    peers: dict[_About, list[str]] = {}
    for finding in findings:
        if finding.rule in _BY_PEERS and finding.field:
            peers.setdefault((finding.submission_id or "", finding.rule, finding.field), []).append(finding.value or "")
    return peers


def proposer_of(finding: Finding, table: Table) -> Proposer | None:
    """Return who proposes for a finding about a row of a table; None for a question that nobody knows to answer."""
    if finding.rule in _NUMBERS:
        field = table.field(finding.field or "")
        return _NUMBERS[finding.rule] if field.is_numeric else _DAYS[finding.rule] if field.type == "date" else None
    return PROPOSERS[finding.rule]


def _place(finding: Finding) -> _Place:
    return finding.submission_id or "", finding.sheet or "", finding.source_row or 0


def _other(finding: Finding) -> _Place | None:
    """Return the row that a finding names; in the same sheet, as a rule names no other."""
    number = finding.arguments.get(OTHER_ROW)
    return (finding.submission_id or "", finding.sheet or "", number) if isinstance(number, int) else None
