"""Checking files before they are sent: the steps of ingest in a temporary folder, without a server."""

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

from flows import steps
from warehouse.answer import Answer
from warehouse.database import open_database
from warehouse.decisions import TOO_MANY_ERRORS
from warehouse.edition import Tongue, in_tongue
from warehouse.feedback import read_answers
from warehouse.findings import Severity
from warehouse.messages import N_, fill, in_words, translate
from warehouse.questionnaire import Words, load_questionnaire
from warehouse.settings import Settings

_SEVERITIES: dict[Severity, str] = {"error": N_("error"), "warning": N_("warning")}
_VERDICTS = {
    "accepted": N_("{file_name}: would be accepted, {accepted} of {received} rows"),
    "rejected": N_("{file_name}: would be rejected, {accepted} of {received} rows"),
}


def check_files(paths: Sequence[Path], language: Tongue) -> bool:
    """Say the findings of each file; returns whether any is an error. Nothing is kept."""
    logging.getLogger("sarai").setLevel(logging.CRITICAL)  # what it would say is said below, in the chosen language
    with tempfile.TemporaryDirectory(prefix="sarai-") as home:
        settings = Settings(home=Path(home))
        receipt = steps.receive(settings, paths, settings.root)
        landed, faults = steps.land(settings, receipt.requests)
        problems = [*receipt.problems, *faults]
        for problem in problems:
            _say(_line(problem.severity, in_words(problem, load_questionnaire()), language))
        if not landed:
            return bool(problems)
        steps.stage(settings)
        findings = steps.check(settings)
        decided_at = steps.now()
        steps.decide(settings, findings, decided_at)
        with open_database(settings) as connection:
            answers = read_answers(connection, decided_at)
    for answer in answers:
        _say(_describe(answer, language, settings.rejection_ratio))
    return bool(problems) or any(answer.error_count for answer in answers)


def _say(text: str) -> None:
    print(text)  # noqa: T201 - the answer to the command


def _line(severity: Severity, words: Words, language: Tongue) -> str:
    return f"{translate(_SEVERITIES[severity], language)}: {in_tongue(words, language)}"


def _describe(answer: Answer, language: Tongue, rejection_ratio: float) -> str:
    counts = {"accepted": answer.accepted_count, "received": answer.received_count}
    verdict = fill(_VERDICTS[answer.outcome], {"file_name": answer.submission.file_name, **counts}, language)
    if answer.is_too_bad:
        too_bad = {"percent": 100 * rejection_ratio, "count": answer.received_count}
        verdict += f": {fill(TOO_MANY_ERRORS, too_bad, language)}"
    lines = [f"  {_line(finding.severity, finding.message, language)}" for finding in answer.findings]
    return "\n".join([verdict, *lines])
