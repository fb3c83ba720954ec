"""The steps from files to decisions, one function each. Flows order them; `sarai check` runs them as they are.

A step opens the working database once and closes it again, so that others can read between two steps; flows keep
a small one open (warehouse.storage.database.kept_open).
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from flows.runs.garbage import collect_rarely
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.intake.inbox import Receipt
from warehouse.intake.landing import Reading, Request
from warehouse.ledger.clock import now
from warehouse.ledger.decisions import Decision
from warehouse.ledger.rules_in_force import InForce
from warehouse.progress import each
from warehouse.questionnaire.codelists import member_states
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.database import close_kept, open_database
from warehouse.storage.settings import Settings
from warehouse.text_table import printable
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    from warehouse.intake.arrivals import Found
    from warehouse.releases.catalogue import Release
    from warehouse.safekeeping.proof import Proof

log = logging.getLogger("sarai")


@dataclass(frozen=True)
class Run:
    """One run over a warehouse: its settings, when it began (UTC), and the rules that decide in it.

    The rules are those of the day on which it began, also when it ends on the next: a submission is decided on by the
    waivers for which it was found to wait.
    """

    settings: Settings
    started_at: datetime

    @property
    def day(self) -> date:
        """The day on which it began (UTC)."""
        return self.started_at.date()

    @cached_property
    def rules(self) -> InForce:
        """The rules and waivers in force; raises WaiverError for a file of waivers that is wrong."""
        from expectations.submissions.rules_version import rules_version
        from expectations.waivers import load_waivers

        return InForce(rules_version(self.settings), load_waivers(self.settings, self.day))


def begin_run(settings: Settings) -> Run:
    """Return a run that begins now; what it imports stays, so garbage is collected rarely, in runs of a worker too."""
    collect_rarely()
    return Run(settings, now())


def receive(run: Run, paths: Sequence[Path], folder: Path) -> Receipt:
    """Copy what is new at the paths into the vault, and ask to read again what lower limits of the reader refused.

    See warehouse.intake.inbox.receive_files and warehouse.ledger.rereading.refused_files.
    """
    from warehouse.intake.arrivals import find_arrivals
    from warehouse.intake.inbox import receive_files
    from warehouse.ledger.known_files import known_files
    from warehouse.ledger.raw import create_tables
    from warehouse.ledger.receipts import note_copies
    from warehouse.ledger.rereading import refused_files

    found = find_arrivals(paths, member_states(run.settings.codelists), run.settings.inbox)
    with open_database(run.settings) as connection:
        create_tables(connection, load_questionnaire())
        known = known_files(connection, now().date())
        refused = refused_files(connection, run.settings, folder)
    receipt = receive_files(found.arrivals, run.settings, known, now(), folder)
    if receipt.copies:
        with open_database(run.settings) as connection:
            note_copies(connection, receipt.copies)
    close_kept(run.settings)  # others can read it while files are read
    receipt.problems += found.problems
    receipt.passed_over = len(found.passed_over)
    _log_received(found, receipt)
    for request in refused:
        log.info("%s was refused under a lower limit of the reader and is read again.", printable(request.file_name))
    receipt.requests += refused
    return receipt


def _log_received(found: "Found", receipt: Receipt) -> None:
    from warehouse.intake.arrivals import describe_passed_over

    new, known = len(receipt.requests), len(receipt.known_names)
    log.info("Found %d files: %d new, %d known.", len(found.arrivals), new, known)
    if found.passed_over:
        log.info("%s", describe_passed_over(found.passed_over, "en"))
    for problem in receipt.problems:
        log.warning("%s", describe_finding(problem, "en", load_questionnaire()))


def land(run: Run, requests: Sequence[Request]) -> tuple[list[Reading], list[Finding]]:
    """Read the files, each in a child process, and append all that is new in one transaction.

    Returns what is new, and findings about files on which our reader or the database failed; the next run reads those
    again.
    """
    from warehouse.intake.months import describe_files
    from warehouse.intake.reader_processes import ReaderFault, read_files
    from warehouse.ledger.raw import land_each

    if not requests:
        return [], []
    readings: list[Reading] = []
    problems = []
    for found in each("Reading files", read_files(requests, run.settings), len(requests)):
        if isinstance(found, ReaderFault):
            problems.append(_fault(found.file_name, found.reason))
        else:
            readings += found
    with open_database(run.settings) as connection:
        landed, refused = land_each(connection, readings, load_questionnaire())
    problems += [_fault(name, reason) for name, reason in refused.items()]
    rows = sum(part.row_count for reading in landed for part in reading.landings)
    log.info("Landed %d submissions with %d rows.", len(landed), rows)
    for line in describe_files(readings, landed, refused):
        log.info("%s", line)
    for problem in problems:
        log.error("%s", describe_finding(problem, "en", load_questionnaire()))
    return landed, problems


def _fault(file_name: str, reason: str) -> Finding:
    message = N_(
        "the file was not read because of a fault in the warehouse itself ({reason}). The file may be right and is "
        "read again at the next run; the log says more."
    )
    return Finding(None, "error", "reader_failed", message, arguments={"file_name": file_name, "reason": reason})


def pend(run: Run) -> int:
    """Return how many submissions wait for a decision by the rules in force, and log which waivers have expired."""
    from expectations.waivers import log_expired_waivers
    from warehouse.ledger.rules_in_force import waiting

    log_expired_waivers(run.settings, run.day)
    with open_database(run.settings) as connection:
        return len(waiting(connection, run.rules))


def stage(run: Run, landed: Collection[str] = ()) -> None:
    """Type what was landed and is not typed yet; see warehouse.transform.dbt_build.build_staging.

    Raises ChangedError when somebody changed the codelists, or rows that are about to be typed, judged or typed over;
    what this run has ``landed`` is what was read.
    """
    from warehouse.ledger.derived import read_derived
    from warehouse.ledger.rules_in_force import list_pending
    from warehouse.safekeeping.derived_check import refuse_changed
    from warehouse.transform.dbt_build import build_staging
    from warehouse.transform.staging_version import staging_version

    log.info("Staging.")
    with open_database(run.settings) as connection:
        is_same = read_derived(connection).version == staging_version(run.settings.dbt_project)
        refuse_changed(connection, list_pending(connection, run.rules) if is_same else None, landed)
        build_staging(run.settings)


def is_typed(run: Run) -> bool:
    """Return whether the chain knows the typed rows of everything that was landed, by this version of staging."""
    from warehouse.ledger.derived import read_derived, unfinished
    from warehouse.transform.staging_version import staging_version

    with open_database(run.settings) as connection:
        version = read_derived(connection).version
        return version in (None, staging_version(run.settings.dbt_project)) and not unfinished(connection)


def check(run: Run) -> list[Finding]:
    """Run the suites of the questionnaire over all submissions that wait, in one run; returns the findings."""
    from expectations.gate.run import check as check_suites
    from expectations.submissions.suites import submission_suites
    from warehouse.ledger.rules_in_force import open_batch
    from warehouse.proposals.proposing import propose

    questionnaire, results = load_questionnaire(), run.settings.gates / gate_name("submissions")
    with open_database(run.settings) as connection:
        waiting = open_batch(connection, questionnaire, run.rules)
        log.info("Checking %d submissions.", len(waiting))
        findings = check_suites(run.settings, "audit", submission_suites(questionnaire), results)
        return propose(connection, findings, run.settings.codelists)


def begin_decision(run: Run) -> datetime:
    """Return the time of the decisions that follow; see warehouse.ledger.clock.next_decision_at."""
    from warehouse.ledger.clock import next_decision_at

    with open_database(run.settings) as connection:
        return next_decision_at(connection)


def decide(run: Run, findings: Sequence[Finding], decided_at: datetime) -> list[Decision]:
    """Accept or reject every submission of the batch; see warehouse.ledger.decisions.decide."""
    from warehouse.ledger.decisions import decide as settle

    with open_database(run.settings) as connection:
        return settle(connection, findings, run.rules, decided_at, run.settings.rejection_ratio)


def answer(run: Run) -> list[Path]:
    """Write what is missing of the feedback; see warehouse.answers.missing_answers.write_missing."""
    from warehouse.answers.missing_answers import write_missing

    return write_missing(run.settings)


def find_published(run: Run, proof: "Proof") -> "Release | None":
    """Return the current release if there is nothing to publish; see warehouse.releases.publication.find_same.

    Marts that are not those of the ledger, not as they were built, or not ours, are built anew.
    """
    from warehouse.ledger.derived import ALL_KNOWN, read_derived
    from warehouse.releases.inputs import digest_inputs
    from warehouse.releases.marts import foreign_marts
    from warehouse.releases.publication import find_same
    from warehouse.safekeeping.mart_check import compare_marts

    with open_database(run.settings) as connection:
        built = read_derived(connection)
        if not built.marts or built.marts_of != ALL_KNOWN or foreign_marts(connection, run.settings.dbt_project):
            return None
        same = find_same(connection, run.settings, inputs=digest_inputs(connection, run.settings, run.day))
        return None if same and not proof.holds and any(compare_marts(connection)) else same


def gate_name(subject: str) -> str:
    """Return the name of the folder for the results of a gate run: time (UTC) and what was checked."""
    return f"{now():%Y%m%dT%H%M%SZ}-{subject}"
