"""Rehearsing changed rules over all past submissions, in a temporary copy: the warehouse itself is only read."""

import shutil
import tempfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from expectations.waivers import load_waivers, log_expired_waivers
from flows.offline.prepared_warehouse import announce_preparation, judge_landed, prepare
from flows.terminal import print_text
from warehouse.ledger.clock import next_decision_at
from warehouse.ledger.decisions import decide
from warehouse.ledger.rehearsal import REHEARSED_RULES, Change, Rehearsed, compare_decisions, copy_past
from warehouse.ledger.rules_in_force import InForce
from warehouse.storage.database import open_database, writing
from warehouse.storage.settings import Settings
from warehouse.text_table import lay_out, printable


def rehearse(settings: Settings) -> list[Rehearsed]:
    """Judge every submission that was decided before by the rules in the files; nothing of it is kept.

    Raises CacheError, ModelError or GateError when models or rules are faulty, WriterBusyError when another run
    writes too long.
    """
    if not settings.database.exists():
        return []
    prepared = prepare(settings)
    with tempfile.TemporaryDirectory(prefix="sarai-") as home:
        return _decide_again(settings, settings.at(Path(home)), prepared)


def _decide_again(settings: Settings, copy: Settings, prepared: Path) -> list[Rehearsed]:
    shutil.copyfile(prepared / settings.database.name, copy.database)
    with writing(settings):  # so that no writer meets our lock on the file while we read it
        copy_past(settings.database, copy.database)
    with open_database(copy) as connection:
        decided_at = next_decision_at(connection)
        log_expired_waivers(copy, decided_at.date())
        rules = InForce(REHEARSED_RULES, load_waivers(copy, decided_at.date()))
        findings = judge_landed(connection, prepared, rules, copy.codelists)
        decide(connection, findings, rules, decided_at, copy.rejection_ratio)
        return compare_decisions(connection, decided_at)


def print_rehearsal(settings: Settings) -> bool:
    """Print which submissions would newly fail or pass, and by which rule; returns whether any fails."""
    announce_preparation(settings)
    rehearsed = rehearse(settings)
    changed = [part for part in rehearsed if part.changes or part.before != part.after]
    for part in sorted(changed, key=lambda part: (not part.fails, not part.passes)):
        print_text(_describe(part))
    if changed:
        print_text(f"\n{_by_rule([change for part in changed for change in part.changes])}\n")
    failing, passing = (sum(part.fails for part in rehearsed), sum(part.passes for part in rehearsed))
    print_text(
        f"Of {len(rehearsed)} submissions decided before, {failing} would newly fail or lose rows and {passing} would "
        f"newly pass or gain rows; {len(rehearsed) - len(changed)} have the same findings as before."
    )
    return failing > 0


def _describe(part: Rehearsed) -> str:
    subject = f"{part.country_code or 'UNKNOWN'} {part.month or 'UNKNOWN'}"
    rows = f"{part.lost_count} rows newly quarantined, {part.gained_count} newly accepted"
    who = f"{subject} {printable(part.file_name)} ({part.submission_id})"
    lines = [f"{who}: {part.before} -> {part.after}, {rows}"]
    lines += [
        f"  {change.severity} {change.rule} {_place(change)}: +{change.raised_count} -{change.gone_count}"
        for change in part.changes
    ]
    return "\n".join(lines)


def _place(change: Change) -> str:
    return ".".join(name for name in (change.table, change.field) if name) or "file"


def _by_rule(changes: Iterable[Change]) -> str:
    def key(change: Change) -> tuple[str, str, str]:
        return change.severity, change.rule, _place(change)

    rows = []
    for name, group in groupby(sorted(changes, key=key), key=key):
        part = list(group)
        counts = (sum(change.raised_count for change in part), sum(change.gone_count for change in part))
        rows.append([*name, *counts, len(part)])
    return lay_out(("severity", "rule", "about", "raised", "gone", "submissions"), rows)
