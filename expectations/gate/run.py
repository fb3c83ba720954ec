"""A run of the gate: suites are validated, failing rows become findings, and the results are written to a folder."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from expectations.gate.failing_rows import RuleFindings, find_failing_rows
from expectations.gate.results import Outcome, Results, write_results
from expectations.gate.validation import GateError, RuleResult, meta_of, rule_name, validate
from warehouse.findings.finding import Finding
from warehouse.ledger.waivers import Waiver, waive_in_marts
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    from expectations.gate.rules import Suite

_TABLE_MISSING = N_("the table does not exist. Build it and run the gate again.")


def check(
    settings: Settings,
    schema: str,
    suites: Mapping[str, "Suite"],
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
        counts = _row_counts(connection, schema)
        absent = [name for name, suite in suites.items() if name not in counts and not meta_of(suite)["may_be_absent"]]
        outcomes = [_absence(name) for name in absent]
        # Few batches have rows in every table, and a suite takes time on an empty table too.
        tables = [
            name
            for name, suite in suites.items()
            if name in counts and (counts[name] or not meta_of(suite)["may_be_absent"])
        ]
        for result in validate(connection, schema, suites, tables) if tables else ():
            found = _findings(connection, result, settings.codelists)
            outcomes += _outcomes(result, counts[result.failing.table], found, waivers)
    write_results(Results(schema, started_at, datetime.now(UTC), outcomes), results)
    return [finding for outcome in outcomes for finding in outcome.findings]


def _row_counts(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, int]:
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = ?",
        [schema],
    ).fetchall()
    counts = {name: connection.execute(f'select count(*) from {schema}."{name}"').fetchone() for (name,) in names}
    return {name: counted[0] if counted else 0 for name, counted in counts.items()}


def _absence(table: str) -> Outcome:
    finding = Finding(None, "error", "table_missing", _TABLE_MISSING, table)
    return Outcome(table, "table_missing", "error", None, "", 0, 1, [finding])


def _findings(connection: duckdb.DuckDBPyConnection, result: RuleResult, codelists: Path) -> RuleFindings:
    if not result.failing_count:
        return RuleFindings([], 0)
    found = find_failing_rows(connection, result.failing, codelists)
    if found.row_count != result.failing_count:
        raise GateError(
            f"{rule_name(result.failing.table, result.failing.meta)}: Great Expectations counts "
            f"{result.failing_count} failing rows, the database {found.row_count}"
        )
    return found


def _outcomes(result: RuleResult, row_count: int, found: RuleFindings, waivers: Sequence[Waiver]) -> Iterator[Outcome]:
    """Yield the outcome of a rule and, separately, one of its waived findings as warnings."""
    failing, meta = result.failing, result.failing.meta
    checked_count = row_count if result.checked_count is None else result.checked_count
    findings = waive_in_marts(found.findings, waivers)
    waived = [finding for finding in findings if finding.severity != meta["severity"]]
    whole = Outcome(
        failing.table, meta["rule"], meta["severity"], meta["field"], failing.expectation, checked_count,
        found.row_count - len(waived), [finding for finding in findings if finding not in waived],
    )  # fmt: skip
    if not waived or whole.findings:
        yield whole
    if waived:
        yield dataclasses.replace(whole, severity="warning", failing_count=len(waived), findings=waived)
