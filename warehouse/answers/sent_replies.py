"""Sent replies: which finding of an answer each reply in the sent workbook is about, and what is said of the others."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import duckdb

from warehouse.answers.answer import UnusedReply
from warehouse.findings.finding import Finding, shortened
from warehouse.findings.messages import translate_finding
from warehouse.findings.return_sheet_words import REFERENCE_LENGTH
from warehouse.intake.replies import Reply
from warehouse.questionnaire.definition import Questionnaire
from warehouse.replies.acceptances import ACCEPTED
from warehouse.replies.confirmations import CONFIRMED, DENIED, read_replied
from warehouse.replies.repeated_findings import Recorded, find_again
from warehouse.words.catalogue import N_, Argument

_MESSAGES = {
    "not_understood": N_(
        'your reply "{reply}" is not understood. If the value is right, write “confirmed” there and nothing else; if '
        "it is wrong, correct it in its table."
    ),
    "reference_unreadable": N_(
        'your reply "{reply}" belongs to no finding: the column “Reference” beside it holds {reference}, and our '
        "references have {length} characters. Reply in the workbook of our last answer, on the line of the finding."
    ),
    "reference_unknown": N_(
        'your reply "{reply}" belongs to no finding about your reports of this month: none has the reference '
        "{reference}. Reply in the workbook of our last answer, on the line of the finding."
    ),
    "settled": N_(
        'your reply "{reply}" is kept. What it answers is not found any more, because the row was corrected, changed '
        "or removed. If you are asked about the row again, reply again."
    ),
}  # fmt: skip


class SentReplies:
    """The replies that came with a submission: those beside its findings, and those that answer none of them."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        submission_id: str,
        replies: Sequence[Reply],
        recorded: Sequence[Recorded],
        confirmed: Mapping[str, str],
    ) -> None:
        """Find what the replies are about; ``recorded`` are the findings about the submission.

        ``confirmed`` maps the reference of one that a reply closes to that of the finding which the reply names.
        """
        self.submission_id, self.replies = submission_id, replies
        self.named: dict[str, list[Reply]] = {}
        for reply in replies:
            self.named.setdefault(reply.reference, []).append(reply)
        # The last decision knows best which answers of a row were doubted.
        known = {finding.reference: finding for finding in read_replied(connection, submission_id, self.named)}
        self.known = known.keys()
        answered = list(known.values())
        again = find_again(answered, recorded, alike=False)
        self.about = {recorded[index].reference: answered[source].reference for index, source in again.items()}
        self.about |= {own: reference for own, reference in confirmed.items() if reference in self.named}

    def beside(self, finding: Recorded) -> tuple[str | None, str | None]:
        """Return the reply to a finding and its code; each is None if there is none, and a denial prevails."""
        about = self.about.get(finding.reference)
        own = [] if about is None else self.named.get(about, [])
        texts = dict.fromkeys(reply.text for reply in own)
        codes = {reply.code for reply in own}
        return "; ".join(texts) or None, next((code for code in (DENIED, CONFIRMED, ACCEPTED) if code in codes), None)

    def unused(self, questionnaire: Questionnaire) -> tuple[UnusedReply, ...]:
        """Return the replies beside no finding, with why they close no question; one may have two reasons."""
        used = set(self.about.values())
        return tuple(
            _unused(self.submission_id, reply, reason, questionnaire)
            for reply in self.replies
            if reply.reference not in used
            for reason in _reasons(reply, self.known)
        )


def _reasons(reply: Reply, known: Collection[str]) -> Iterator[str]:
    if reply.reference in known:
        yield "settled"
        return
    if reply.code is None:
        yield "not_understood"
    yield "reference_unknown" if len(reply.reference) == REFERENCE_LENGTH else "reference_unreadable"


def _unused(submission_id: str, reply: Reply, reason: str, questionnaire: Questionnaire) -> UnusedReply:
    arguments: dict[str, Argument] = {
        "reply": shortened(reply.text), "length": REFERENCE_LENGTH,
        "reference": f'"{shortened(reply.reference)}"' if reply.reference else None,
    }  # fmt: skip
    finding = Finding(
        submission_id, "warning", reason, _MESSAGES[reason], sheet=reply.sheet, source_row=reply.source_row,
        arguments=arguments,
    )  # fmt: skip
    return UnusedReply.model_validate(
        {
            "text": reply.text, "reference": reply.reference, "sheet": reply.sheet, "source_row": reply.source_row,
            "reason": reason, "message": translate_finding(finding, questionnaire),
        }
    )  # fmt: skip
