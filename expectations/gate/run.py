"""A run of the gate: rules are counted and judged, failing rows become findings, and results go into a folder."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations.gate.failing_rows import find_failing_rows
from expectations.gate.judge import judge
from expectations.gate.results import Outcome, Results, write_results
from expectations.gate.rules import Suite
from expectations.gate.verdicts import Verdict, absent_tables, read_verdicts
from warehouse.findings.finding import Finding
from warehouse.ledger.waivers import Waiver, waive_in_marts
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.words.catalogue import N_

_TABLE_MISSING = N_("the table does not exist. Build it and run the gate again.")


def check(
    settings: Settings,
    schema: str,
    suites: Mapping[str, Suite],
    results: Path,
    waivers: Sequence[Waiver] = (),
) -> list[Finding]:
    """Run suites, by table, on a schema of the working database, all of them in one run.

    Returns a finding for every failing row (with the limit of find_failing_rows), in the order of tables, rules and
    rows, and writes ``results.json`` and ``index.html`` into the folder ``results``. Waivers of marts are applied here,
    those of submissions when submissions are decided on. Raises GateError if a rule cannot be evaluated.
    """
    started_at = datetime.now(UTC)
    with open_database(settings) as connection:
        outcomes = [_absence(name) for name in absent_tables(connection, schema, suites)]
        verdicts = list(read_verdicts(connection, schema, suites))
        for verdict, fails in zip(verdicts, judge(verdicts, _rules_count(verdicts, suites)), strict=True):
            findings = find_failing_rows(connection, verdict, settings.codelists) if fails else []
            outcomes += _outcomes(verdict, findings, waivers)
    write_results(Results(schema, started_at, datetime.now(UTC), outcomes), results)
    return [finding for outcome in outcomes for finding in outcome.findings]


def find_unjudged(
    connection: duckdb.DuckDBPyConnection, schema: str, suites: Mapping[str, Suite], codelists: Path
) -> list[Finding]:
    """Return the findings of ``check`` without starting Great Expectations, and without results for people to read."""
    failing = [verdict for verdict in read_verdicts(connection, schema, suites) if verdict.failing_count]
    return [finding for verdict in failing for finding in find_failing_rows(connection, verdict, codelists)]


def _rules_count(verdicts: Sequence[Verdict], suites: Mapping[str, Suite]) -> int:
    """Return how many rules the tables have on which there are verdicts."""
    tables = {verdict.suite.table for verdict in verdicts}
    return sum(len(suites[table].rules) for table in tables)


def _absence(table: str) -> Outcome:
    finding = Finding(None, "error", "table_missing", _TABLE_MISSING, table)
    return Outcome(table, "table_missing", "error", None, 0, 1, [finding])


def _outcomes(verdict: Verdict, findings: Sequence[Finding], waivers: Sequence[Waiver]) -> Iterator[Outcome]:
    """Yield the outcome of a rule and, separately, one of its waived findings as warnings."""
    rule = verdict.rule
    findings = waive_in_marts(findings, waivers)
    waived = [finding for finding in findings if finding.severity != rule.severity]
    whole = Outcome(
        verdict.suite.table, rule.name, rule.severity, rule.field, verdict.checked_count,
        verdict.failing_count - len(waived), [finding for finding in findings if finding not in waived],
    )  # fmt: skip
    if not waived or whole.findings:
        yield whole
    if waived:
        yield dataclasses.replace(whole, severity="warning", failing_count=len(waived), findings=waived)
