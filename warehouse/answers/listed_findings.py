"""Listed findings: what the ledger holds about one submission, in the order and with the words of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb

from warehouse.answers.answer import AnswerFinding, Progress, ProposedFix, TableRead
from warehouse.answers.closed_findings import read_accepted, read_confirmed
from warehouse.answers.sent_replies import SentReplies
from warehouse.findings.messages import translate_finding
from warehouse.findings.proposal import describe_proposal
from warehouse.ledger.in_force import ABOUT_FILE
from warehouse.ledger.opened import TOO_BAD, VERDICTS
from warehouse.questionnaire.definition import Questionnaire, Words
from warehouse.replies.acceptances import ACCEPTED, CONTRADICTED
from warehouse.replies.confirmations import CONFIRMABLE, CONFIRMED, DENIED, read_sent_replies
from warehouse.replies.contradictions import CONTRADICTING
from warehouse.replies.repeated_findings import Recorded, find_again, find_removed, read_findings
from warehouse.words.catalogue import N_, Argument, fill

_OF_TABLE = N_("an error concerns the whole table, so none of its rows was used.")

_CLOSED = 2  # the rank of findings that ask for nothing more


@dataclass(frozen=True)
class Before:
    """The submission before: its id, name and receipt, and the time of the decision on it."""

    submission_id: str
    file_name: str
    received_at: datetime
    decided_at: datetime


class Findings:
    """The findings about one submission, those confirmed, and those that the submission before had too."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        submission_id: str,
        decided_at: datetime,
        before: Before | None,
    ) -> None:
        """Read them from the ledger; ``before`` is what the submission is compared with."""
        self.connection, self.submission_id, self.before = connection, submission_id, before
        sent = read_sent_replies(connection, submission_id)
        recorded = read_findings(connection, submission_id, decided_at, is_compared=bool(before or sent))
        self.is_too_bad = any(finding.rule == TOO_BAD for finding in recorded)
        self.recorded = [finding for finding in recorded if finding.rule not in VERDICTS]
        self.verdicts = {finding.table_name: finding for finding in recorded if finding.rule in VERDICTS}
        self.confirmed = read_confirmed(connection, submission_id, decided_at)
        self.accepted = read_accepted(connection, submission_id, decided_at)
        self.left_out = {part.reference: part for part in self.accepted if part.reference}
        answered = {f.reference: str(f.arguments[CONTRADICTING]) for f in recorded if f.rule == CONTRADICTED}
        answered |= {reference: confirmation.reply_reference for reference, confirmation in self.confirmed.items()}
        answered |= {part.reference or part.proposal_reference: part.proposal_reference for part in self.accepted}
        self.replies = SentReplies(connection, submission_id, sent, self.recorded, answered)
        self.earlier = self._read_earlier() if before else []
        self.again = find_again(self.earlier, self.recorded, alike=False)

    def _read_earlier(self) -> list[Recorded]:
        """Return what was open in the submission before, about tables that this one holds and about the file."""
        if self.before is None:
            return []
        before = self.connection, self.before.submission_id, self.before.decided_at
        closed = read_confirmed(*before).keys() | {part.reference for part in read_accepted(*before)}
        tables = {
            row[0]
            for row in self.connection.execute(
                "select distinct table_name from raw.landings where submission_id = ?", [self.submission_id]
            ).fetchall()
        }
        return [
            finding
            for finding in read_findings(self.connection, self.before.submission_id, self.before.decided_at)
            if finding.rule not in VERDICTS
            and finding.reference not in closed
            and (finding.table_name is None or finding.table_name in tables)
        ]

    def progress(self) -> Progress | None:
        """Count what the sender did since the submission before, as Progress defines it; None if this is the first."""
        if self.before is None:
            return None
        open_now = {index for index, finding in enumerate(self.recorded) if self._rank(index) < _CLOSED}
        now_confirmed = {
            reference for reference, reply in self.confirmed.items() if reply.submission_id == self.submission_id
        }
        left = open_now & self.again.keys()
        repeated = set(self.again.values())
        gone = [finding for place, finding in enumerate(self.earlier) if place not in repeated]
        removed = find_removed(self.connection, self.submission_id, gone)
        now_left_out = {
            reference for reference, part in self.left_out.items() if part.reply_submission_id == self.submission_id
        }
        closed = now_confirmed | now_left_out
        answered = {index for index in self.again if self.recorded[index].reference in closed}
        return Progress(
            submission_id=self.before.submission_id,
            file_name=self.before.file_name,
            received_at=self.before.received_at,
            fixed_count=len(self.earlier) - len(removed) - len(answered) - len(left),
            removed_count=len(removed),
            confirmed_count=len(now_confirmed),
            accepted_count=len(self.accepted) - len(self.left_out) + len(now_left_out),
            left_count=len(left),
            new_count=len(open_now) - len(left),
        )

    def with_reasons(self, tables: tuple[TableRead, ...]) -> tuple[TableRead, ...]:
        """Return the tables, those that were rejected with the reason, unless the file was rejected as a whole."""
        errors = [finding for finding in self.recorded if finding.severity == "error" and finding.source_row is None]
        of_file = any(finding.table_name is None or finding.rule in ABOUT_FILE for finding in errors)
        if of_file or self.is_too_bad:
            return tables
        return tuple(
            part.model_copy(update={"reason": self._reason(part.table)}) if part.outcome == "rejected" else part
            for part in tables
        )

    def _reason(self, table: str) -> Words:
        verdict = self.verdicts.get(table)
        return advise(verdict.message, verdict.arguments) if verdict else advise(_OF_TABLE, {})

    def listed(self, questionnaire: Questionnaire) -> tuple[AnswerFinding, ...]:
        """Return the findings in words: errors, then what is to be confirmed, then what was; by table, row, field."""
        places = _Places(questionnaire)
        order = sorted(
            range(len(self.recorded)), key=lambda index: (self._rank(index), places.of(self.recorded[index]))
        )
        listed = []
        for number, index in enumerate(order, start=1):
            finding = self.recorded[index]
            state = self._rank(index)
            reply, code = self.replies.beside(finding)
            listed.append(
                AnswerFinding(
                    number=f"{'EWC'[state]}{number:02d}",
                    reference=finding.reference,
                    severity=finding.severity,
                    state=self._state(finding),
                    is_held=_is_held(finding),
                    rule=finding.rule,
                    message=translate_finding(finding, questionnaire),
                    advice=advise(finding.message, finding.arguments),
                    template=finding.message,
                    arguments=dict(finding.arguments),
                    table=finding.table_name,
                    sheet=finding.sheet,
                    source_row=finding.source_row,
                    field=finding.field,
                    value=finding.value,
                    proposal=_proposed(finding, questionnaire),
                    stood_before=index in self.again,
                    reply=reply,
                    is_reply_understood=code == CONFIRMED,
                    is_denied=code == DENIED,
                    is_accepting=code == ACCEPTED,
                )
            )
        return tuple(listed)

    def _rank(self, index: int) -> int:
        finding = self.recorded[index]
        if self._state(finding) != "open":
            return _CLOSED
        return 0 if finding.severity == "error" and not _is_held(finding) else 1

    def _state(self, finding: Recorded) -> Literal["open", "confirmed", "accepted"]:
        if finding.reference in self.left_out:
            return "accepted"
        return "confirmed" if finding.reference in self.confirmed else "open"


def _is_held(finding: Recorded) -> bool:
    """Return whether the row of a finding waits for its sender's confirmation, and is in no figure before."""
    return finding.severity == "error" and finding.rule in CONFIRMABLE


def _proposed(finding: Recorded, questionnaire: Questionnaire) -> ProposedFix | None:
    if (proposal := finding.proposal) is None:
        return None
    table = next((table for table in questionnaire.tables if table.name == finding.table_name), None)
    return ProposedFix(
        rule=proposal.rule, cells=dict(proposal.cells), leaves_row_out=proposal.leaves_row_out,
        heading=proposal.heading, words=describe_proposal(proposal, table, finding.field),
    )  # fmt: skip


def advise(template: str, arguments: Mapping[str, Argument]) -> Words:
    """Return what is wrong and the next step as a sentence in both languages."""
    english, russian = fill(template, arguments, "en"), fill(template, arguments, "ru")
    return Words(en=english[:1].upper() + english[1:], ru=russian[:1].upper() + russian[1:])


class _Places:
    """The order of findings within an answer: that of the questionnaire's tables, of rows, of fields."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.tables = {table.name: place for place, table in enumerate(questionnaire.tables)}
        self.fields = {
            (table.name, field.name): place
            for table in questionnaire.tables
            for place, field in enumerate(table.fields)
        }

    def of(self, finding: Recorded) -> tuple[int, str, int, int]:
        table = finding.table_name or ""
        return (
            self.tables.get(table, -1),
            finding.sheet or "",
            -1 if finding.source_row is None else finding.source_row,
            self.fields.get((table, finding.field or ""), -1),
        )
