"""Checking files before they are sent: the steps of ingest in a temporary folder, without a server."""

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

from flows import steps
from warehouse.answer import Answer
from warehouse.database import open_database
from warehouse.feedback import read_answers
from warehouse.settings import Settings

log = logging.getLogger("sarai")


def check_files(paths: Sequence[Path]) -> bool:
    """Say the findings of each file; returns whether any is an error. Nothing is kept."""
    logging.getLogger("sarai").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="sarai-") as home:
        settings = Settings(home=Path(home))
        receipt = steps.receive(settings, paths, settings.root)
        landed, problems = steps.land(settings, receipt.requests)
        problems += receipt.problems
        if not landed:
            return bool(problems)
        steps.stage(settings)
        findings = steps.check(settings)
        decided_at = steps.now()
        steps.decide(settings, findings, decided_at)
        with open_database(settings) as connection:
            answers = read_answers(connection, decided_at)
    for answer in answers:
        print(_describe(answer))  # noqa: T201 - the answer to the command
    return bool(problems) or any(answer.error_count for answer in answers)


def _describe(answer: Answer) -> str:
    rows = f"{answer.accepted_count} of {answer.received_count} rows"
    verdict = f"{answer.submission.file_name}: would be {answer.outcome}, {rows}"
    lines = [f"  {finding.severity}: {finding.message.en}" for finding in answer.findings]
    return "\n".join([verdict, *lines])
