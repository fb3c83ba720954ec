"""Checking files before they are sent: the steps of ingest in a temporary folder, without a server."""

import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flows import steps
from flows.offline.prepared_warehouse import announce_preparation, judge_landed, prepare
from flows.terminal import print_text
from warehouse.answers.answer import Answer, AnswerFinding
from warehouse.answers.assembly import read_answers
from warehouse.answers.page import LocalText, describe_late
from warehouse.findings.finding import Finding, Severity
from warehouse.findings.messages import translate_finding
from warehouse.intake.arrivals import UNFINISHED, describe_passed_over, find_arrivals
from warehouse.ledger.clock import now
from warehouse.ledger.decisions import TOO_MANY_ERRORS
from warehouse.questionnaire.codelists import member_states
from warehouse.questionnaire.definition import Words, load_questionnaire
from warehouse.questionnaire.language import Language, in_language
from warehouse.replies.confirmations import confirm_as_written
from warehouse.storage.database import open_database
from warehouse.storage.durable import file_sha256
from warehouse.storage.parameters import without_pandas
from warehouse.storage.settings import Settings
from warehouse.words.catalogue import N_, Argument, fill, listed, translate

_SEVERITIES: dict[Severity, str] = {"error": N_("error"), "warning": N_("warning")}
_CONFIRMED, _HELD = N_("confirmed"), N_("held back")
_NOTHING_THERE = N_(
    "nothing here can be checked: it is an empty folder or a pipe, or has only links and files whose names begin with "
    "a dot or ~$ or end as those of unfinished downloads and of backups do ({endings}). Name a file, or a folder that "
    "holds files."
)
_LATE = N_("rows dated before the month count in their own month (table, month, number of rows, which): {rows}")
_VERDICTS = {
    "accepted": N_("{file_name}: would be accepted, {accepted} of {received} rows"),
    "rejected": N_("{file_name}: would be rejected, {accepted} of {received} rows"),
}

_UNSAID = N_("no rows of this month, and no answer for it, in: {tables}")


def check_files(settings: Settings, paths: Sequence[Path], language: Language) -> bool:
    """Print the findings of each file; returns whether any is an error. Nothing is kept but a prepared warehouse.

    Raises CacheError when there is no folder for it, ModelError when dbt can not build it, GateError for a faulty rule.
    """
    announce_preparation(settings, language)
    with _quiet(), tempfile.TemporaryDirectory(prefix="sarai-") as home:
        prepared = prepare(settings)
        with without_pandas():
            problems, answers = judge_files(settings.at(Path(home)), prepared, paths)
    members = member_states(settings.codelists)
    given = _paths_given(settings, paths)
    if passed_over := find_arrivals(paths, members, settings.inbox).passed_over:
        print_text(describe_passed_over(passed_over, language), err=True)
    for problem in problems:
        print_text(_line(_SEVERITIES[problem.severity], translate_finding(problem, load_questionnaire()), language))
    for answer in answers:
        sent = answer.submission
        for name in given.get((sent.sha256, sent.file_name), [sent.file_name]):
            print_text(_describe(answer, name, language, settings.rejection_ratio))
    return bool(problems) or any(answer.error_count for answer in answers)


def _paths_given(settings: Settings, paths: Sequence[Path]) -> dict[tuple[str, str], list[str]]:
    """Return by sha256 and name how to call the files of that name: by it or, where it is that of several, by path."""
    found = [(path, find_arrivals([path], member_states(settings.codelists), settings.inbox)) for path in paths]
    files = {arrival.path: (arrival, path) for path, one in found for arrival in one.arrivals}
    times = Counter(arrival.name for arrival, _ in files.values())
    given: dict[tuple[str, str], list[str]] = {}
    for file, (arrival, path) in sorted(files.items()):
        try:
            key = (file_sha256(file), arrival.name)
        except OSError:
            continue  # a finding says so
        inside = file.relative_to(path.resolve())
        given.setdefault(key, []).append(str(path / inside) if times[arrival.name] > 1 else arrival.name)
    return given


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the steps from logging: their messages are printed in the chosen language."""
    log = logging.getLogger("sarai")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def judge_files(settings: Settings, prepared: Path, paths: Sequence[Path]) -> tuple[list[Finding], list[Answer]]:
    """Take files through the steps of ingest, in copies of a prepared warehouse: ``settings.root`` is an empty folder.

    Returns the findings about files that were not read at all and about paths without files, and the answers to the
    others. A ledger takes the same bytes about the same month once: files that it leaves out are judged in another.
    """
    run, members = steps.begin_run(settings), member_states(settings.codelists)
    found = {path: find_arrivals([path], members, settings.inbox) for path in paths}
    problems = [_nothing_there(path) for path in paths if not (found[path].arrivals or found[path].problems)]
    _renew_database(settings, prepared)
    receipt = steps.receive(run, paths, settings.root)
    problems += receipt.problems
    answers: list[Answer] = []
    waiting = receipt.requests
    while waiting:
        with open_database(settings):  # so that no step opens the file anew
            landed, faults = steps.land(run, waiting)
            problems += faults
            if not landed:
                break
            answers += _answer_landed(run, prepared)
        done = {(reading.submission.sha256, reading.submission.file_name) for reading in landed}
        failed = {fault.arguments["file_name"] for fault in faults}
        waiting = [one for one in waiting if (one.sha256, one.file_name) not in done and one.file_name not in failed]
        if waiting:
            _renew_database(settings, prepared)
    return problems, sorted(answers, key=lambda answer: (answer.submission.file_name, answer.submission.submission_id))


def _nothing_there(path: Path) -> Finding:
    arguments: dict[str, Argument] = {"file_name": str(path), "endings": ", ".join(UNFINISHED)}
    return Finding(None, "error", "file_not_found", _NOTHING_THERE, arguments=arguments)


def _renew_database(settings: Settings, prepared: Path) -> None:
    shutil.copyfile(prepared / settings.database.name, settings.database)


def _answer_landed(run: steps.Run, prepared: Path) -> list[Answer]:
    decided_at = now()
    with open_database(run.settings) as connection:
        findings = judge_landed(connection, prepared, run.rules, run.settings.codelists)
        steps.decide(run, findings, decided_at)
        confirm_as_written(connection, decided_at)
        return read_answers(connection, decided_at)


def _kind(finding: AnswerFinding) -> str:
    if finding.state == "confirmed":
        return _CONFIRMED
    return _HELD if finding.is_held else _SEVERITIES[finding.severity]


def _line(kind: str, words: Words, language: Language) -> str:
    return f"{translate(kind, language)}: {in_language(words, language)}"


def _describe(answer: Answer, name: str, language: Language, rejection_ratio: float) -> str:
    counts = {"accepted": answer.accepted_count, "received": answer.received_count}
    if answer.file_months and answer.submission.reporting_month:
        name = f"{name} ({answer.submission.reporting_month:%Y-%m})"
    verdict = fill(_VERDICTS[answer.outcome], {"file_name": name, **counts}, language)
    if answer.is_too_bad:
        too_bad = {"percent": 100 * rejection_ratio, "count": answer.received_count}
        verdict += f": {fill(TOO_MANY_ERRORS, too_bad, language)}"
    lines = [
        f"  {in_language(load_questionnaire().table(part.table).title, language)}: {in_language(part.reason, language)}"
        for part in answer.rejected_tables
        if part.reason
    ]
    if answer.unsaid_tables:
        titles = listed(load_questionnaire().table(table).title for table in answer.unsaid_tables)
        lines.append(f"  {fill(_UNSAID, {'tables': titles}, language)}")
    lines += [f"  {_line(_kind(finding), finding.message, language)}" for finding in answer.findings]
    if late := describe_late(answer, LocalText(language)):
        lines.append(f"  {fill(_LATE, {'rows': late}, language)}")
    # Without a ledger nobody knows which references there are.
    replies = [reply.message for reply in answer.unused_replies if reply.reason != "reference_unknown"]
    lines += [f"  {_line(_SEVERITIES['warning'], message, language)}" for message in replies]
    return "\n".join([verdict, *lines])
