"""Contradictions: replies that do not accept what is proposed, beside cells that hold it all the same.

A return workbook goes out with what we propose in its green cells. A sender who answers “no” beside one, or that what
was sent is right, or what nobody understands, and leaves the cell, has not accepted it. The row is held back until its
sender changes the cell or confirms it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import duckdb

from warehouse.findings.finding import Finding, shortened
from warehouse.findings.proposal import Proposal, describe_proposal
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.replies.acceptances import ACCEPTED, CONTRADICTED, place_of, rows_alike
from warehouse.replies.confirmations import CONFIRMED, DENIED, REPLIES_BEFORE, read_replied
from warehouse.replies.repeated_findings import Recorded
from warehouse.words.catalogue import N_, Argument

# The argument that holds the reference of the finding which the reply is about.
CONTRADICTING = "reference"

_MESSAGE = N_(
    'you replied "{reply}" about this row, and it still holds what we proposed: {proposed}. You had sent "{sent}". '
    "Write what is right; if the row is right as it is now, write “confirmed” beside it. Until then it is in no figure."
)
# Rules of proposals that say as a warning read it: they and what was sent count the same.
_AS_WAS_READ = frozenset({"as_read", "day_alone", "number_alone", "unit_apart"})
_LAST_REPLIES = f"""
select later.submission_id, replies.reference, replies.code, replies.reply, arrivals.arrival_number
{REPLIES_BEFORE}
semi join audit.pending on later.submission_id = pending.submission_id
qualify arrivals.arrival_number = max(arrivals.arrival_number) over (
    partition by later.submission_id, replies.reference
)
order by later.submission_id, replies.reference, replies.code = 'DENIED', replies.code is null, replies.code
"""


class _Reply(NamedTuple):
    code: str | None
    text: str


def find_contradictions(connection: duckdb.DuckDBPyConnection) -> Mapping[tuple[str, str], Finding]:
    """Return a finding about each row of ``audit.pending`` that holds a proposal which its sender did not accept.

    The keys are the id of the submission and the reference of the finding that the reply is about. The last reply
    counts; of several in one workbook that which accepts least.
    """
    said: dict[str, dict[str, _Reply]] = {}
    for submission_id, reference, code, text, _ in connection.execute(_LAST_REPLIES).fetchall():
        said.setdefault(submission_id, {})[reference] = _Reply(code, text)
    found = {}
    for submission_id, replies in said.items():
        for finding, place in _held(connection, submission_id, replies):
            reply = replies[finding.reference].text
            found[submission_id, finding.reference] = _contradiction(submission_id, place, finding, reply)
    return found


def _held(
    connection: duckdb.DuckDBPyConnection, submission_id: str, replies: Mapping[str, _Reply]
) -> list[tuple[Recorded, tuple[str, int]]]:
    """Return the findings whose proposals a submission holds against the replies, with sheet and row there."""
    known = {finding.reference: finding for finding in read_replied(connection, submission_id, replies)}
    accepted = [_fix(finding) for finding in known.values() if replies[finding.reference].code == ACCEPTED]
    groups: dict[tuple[str, str, frozenset[str]], list[Recorded]] = {}
    for finding in known.values():
        reply = replies[finding.reference]
        # Two findings may propose one fix: who accepts it beside the one need not beside the other.
        is_accepted = reply.code is None and _fix(finding) in accepted
        if _is_against(finding, reply) and not is_accepted:
            groups.setdefault((finding.submission_id, finding.table_name or "", finding.doubted), []).append(finding)
    held = []
    for (_, table, free), findings in groups.items():
        rows = rows_alike(connection, table, free, findings, submission_id)
        taken: set[tuple[Any, ...]] = set()
        for finding in findings:
            places = rows[place_of(finding)].as_proposed(finding.proposal or Proposal(""))
            subject = finding.rule, finding.field
            place = next((place for place in places if (place, subject) not in taken), None)
            if place:
                taken.add((place, subject))
                held.append((finding, place))
    return held


def _fix(finding: Recorded) -> tuple[Any, ...]:
    return finding.submission_id, finding.table_name, place_of(finding), finding.proposal


def _is_against(finding: Recorded, reply: _Reply) -> bool:
    if finding.proposal is None or not finding.proposal.cells or not finding.answers:
        return False
    is_as_was_read = finding.severity == "warning" and finding.proposal.rule in _AS_WAS_READ
    return reply.code == DENIED or (reply.code in (CONFIRMED, None) and not is_as_was_read)


def _contradiction(submission_id: str, place: tuple[str, int], about: Recorded, reply: str) -> Finding:
    proposal, table = about.proposal or Proposal(""), load_questionnaire().table(about.table_name or "")
    field = next((name for name in proposal.cells if name == about.field), next(iter(proposal.cells)))
    arguments: dict[str, Argument] = {
        "reply": shortened(reply), "sent": shortened(about.value or ""),
        "proposed": describe_proposal(proposal, table, field).model_dump(), CONTRADICTING: about.reference,
    }  # fmt: skip
    now = proposal.cells[field]
    return Finding(submission_id, "error", CONTRADICTED, _MESSAGE, about.table_name, *place, field, now, arguments)
