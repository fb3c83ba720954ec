"""The flow from files to decisions: receive, land, stage, check, decide, answer."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows import steps
from flows.runs.alerts import FLOW_OPTIONS
from flows.runs.limits import limited
from flows.runs.summaries import Summary, counted, show
from warehouse.answers.feedback import UNKNOWN, decided_files
from warehouse.findings.finding import Finding
from warehouse.intake.inbox import Receipt
from warehouse.ledger.decisions import Decision
from warehouse.ledger.rules_in_force import has_undecided, waiting
from warehouse.reporting.status import count_errors, summarise
from warehouse.safekeeping.proof import keeping_proof
from warehouse.storage.database import kept_open, open_database, writing
from warehouse.storage.durable import remove_left
from warehouse.storage.permissions import close_home, create_folder
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")

# Decisions can free rows of others: what held them back was found wrong. So often they are taken at most in one run.
MAX_ROUNDS = 3
_READING = ".sarai-reading-"  # nobody else names a folder so, wherever SARAI_HOME is


@dataclass(frozen=True)
class Ingested:
    """What a run did: files it could not receive, decisions it took, and whether anything has an error."""

    problems: list[Finding]
    decisions: list[Decision]
    has_errors: bool


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Return whether a retry can help: a share that is away, a full disk, a database that another process reads."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError | duckdb.IOException) and not isinstance(error, FileNotFoundError)


retried = task(retries=2, retry_delay_seconds=[2, 10], retry_condition_fn=_may_pass, cache_policy=NO_CACHE)
once = task(cache_policy=NO_CACHE)

receive = retried(steps.receive)
land = retried(steps.land)
stage = once(steps.stage)
answer = retried(steps.answer)


class Judged:
    """The findings of gate 1, hidden from Prefect: it looks into every list and dataclass that a task takes or returns.

    It took 7 seconds of processor time for 100,000 findings.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Hold these findings."""
        self.findings = findings


@once
def check(run: steps.Run) -> Judged:
    """Run the suites over all submissions that wait; see flows.steps.check."""
    return Judged(steps.check(run))


@once
def decide(run: steps.Run, judged: Judged, decided_at: datetime) -> list[Decision]:
    """Accept or reject every submission of the batch; see flows.steps.decide."""
    return steps.decide(run, judged.findings, decided_at)


@flow(name="ingest", **FLOW_OPTIONS)
def ingest(paths: Sequence[str] | None = None) -> Ingested:
    """Take in new files from the inbox, or from the paths, up to the decision and the feedback on each.

    Every file goes its own way: one that cannot be received or read stops no other. Raises WriterBusyError when
    another run holds the warehouse too long, and FileNotFoundError for a path that is not there.
    """
    settings = Settings()
    run = steps.begin_run(settings)
    close_home(settings)
    create_folder(settings.inbox)
    sources = [Path(path) for path in paths] if paths else [settings.inbox]
    with (
        limited(settings), writing(settings), keeping_proof(settings), kept_open(settings),
        _reading_folder(settings) as folder,
    ):  # fmt: skip
        earlier = _decide_left(run)
        receipt = receive(run, sources, Path(folder))
        landed, faults = land(run, receipt.requests)
        problems = receipt.problems + faults
        waiting_count = steps.pend(run)
        if waiting_count or not steps.is_typed(run):
            stage(run, [reading.submission.submission_id for reading in landed])
        later = _decide_waiting(run) if waiting_count else []
        decisions = list({decision.submission_id: decision for decision in [*earlier, *later]}.values())
        answer(run)
        if not decisions:
            log.info("Nothing waits for a decision.")
            show(_summary(receipt, problems, [], []))
            return Ingested(problems, [], has_errors=bool(problems))
        return _report(settings, problems, decisions, receipt)


def _decide_left(run: steps.Run) -> list[Decision]:
    """Decide first what a killed run has landed: which of two files counts is known once the earlier one is decided."""
    try:
        with open_database(run.settings) as connection:
            is_left = has_undecided(connection)
    except duckdb.IOException:  # another program holds the database: receiving waits for it, and tries again
        is_left = False
    if not is_left:
        return []
    stage(run, [])
    return _decide_waiting(run)


def _decide_waiting(run: steps.Run) -> list[Decision]:
    """Judge and decide until nothing waits any more; returns the last decision on each submission."""
    last: dict[str, Decision] = {}
    left: list[str] = []
    for _ in range(MAX_ROUNDS):
        judged = check(run)
        decisions = decide(run, judged, steps.begin_decision(run))
        last |= {decision.submission_id: decision for decision in decisions}
        with open_database(run.settings) as connection:
            left = waiting(connection, run.rules)
        if not left:
            break
    if left:
        log.warning("%d submissions still wait for others; the next run decides on them.", len(left))
    return list(last.values())


@contextmanager
def _reading_folder(settings: Settings) -> Iterator[str]:
    """Yield a folder for the files of readers; the caller holds the lock, so those of killed runs are removed.

    A worker of a cluster that was given up may still write there: what it leaves is removed by the next run.
    """
    for left in settings.root.glob(f"{_READING}*"):
        remove_left(left)
    with tempfile.TemporaryDirectory(prefix=_READING, dir=settings.root, ignore_cleanup_errors=True) as folder:
        yield folder


def _report(settings: Settings, problems: list[Finding], decisions: list[Decision], receipt: Receipt) -> Ingested:
    with open_database(settings) as connection:
        times = {decision.decided_at for decision in decisions}
        summary, has_errors = summarise(connection, times), count_errors(connection, times) > 0
        decided = decided_files(connection, times)
    passed = f" {receipt.passed_over} names were passed over." if receipt.passed_over else ""
    log.info("\n%s\n\nAnswers to the countries are in %s.%s", summary, settings.feedback, passed)
    table = [
        {"country": country, "file": name, "outcome": outcome, "answer": f"{settings.feedback / folder}"}
        for country, name, outcome, folder in decided
    ]
    show(_summary(receipt, problems, decisions, table))
    return Ingested(problems, decisions, has_errors=bool(problems) or has_errors)


def _summary(
    receipt: Receipt, problems: Sequence[Finding], decisions: Sequence[Decision], table: Sequence[dict[str, str]]
) -> Summary:
    received, decided = len(receipt.requests), len(decisions)
    counts = {
        "not received": len(problems),
        "decided": decided if decided != received else 0,
        "rejected": sum(decision.outcome == "rejected" for decision in decisions),
    }
    words = [counted(received, "file")] if received else []
    words += [f"{count} {what}" for what, count in counts.items() if count]
    countries = {row["country"] for row in table} - {UNKNOWN}
    return Summary(words or ["nothing new"], countries, table)
