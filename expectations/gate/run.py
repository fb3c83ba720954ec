"""The gate: run the suites, turn what fails into findings, keep the results."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from expectations.gate.failing_rows import Found, find
from expectations.gate.results import Outcome, Results, write_results
from expectations.gate.validation import GateError, Judged, meta, validate
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
    """Run suites over the tables of their names in a schema of the working database, all of them in one run.

    Returns a finding for every failing row (see find for a submission that has very many), in the order of tables,
    rules and rows, and writes ``results.json`` and ``index.html`` into the folder ``results``. What ``waivers`` says of
    marts is applied; submissions have it applied when they are decided on. Raises GateError when a rule could not be
    evaluated.
    """
    started_at = datetime.now(UTC)
    with open_database(settings) as connection:
        counts = _row_counts(connection, schema)
        absent = [name for name, suite in suites.items() if name not in counts and not meta(suite)["may_be_absent"]]
        outcomes = [_absence(name) for name in absent]
        # A batch seldom answers every table, and a suite takes its time over no rows too.
        tables = [
            name
            for name, suite in suites.items()
            if name in counts and (counts[name] or not meta(suite)["may_be_absent"])
        ]
        for judged in validate(connection, schema, suites, tables) if tables else ():
            found = _found(connection, judged, settings.codelists)
            outcomes += _outcomes(judged, counts[judged.failing.table], found, waivers)
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


def _found(connection: duckdb.DuckDBPyConnection, judged: Judged, codelists: Path) -> Found:
    if not judged.failing_count:
        return Found([], 0)
    found = find(connection, judged.failing, codelists)
    if found.row_count != judged.failing_count:
        said = judged.failing.meta
        raise GateError(
            f"{judged.failing.table}, {said['rule']} of {said['field'] or 'the row'}: Great Expectations counts "
            f"{judged.failing_count} failing rows, the database {found.row_count}"
        )
    return found


def _outcomes(judged: Judged, row_count: int, found: Found, waivers: Sequence[Waiver]) -> Iterator[Outcome]:
    """Yield what became of a rule, and apart from it the findings that are waived, as warnings."""
    failing, said = judged.failing, judged.failing.meta
    checked_count = row_count if judged.checked_count is None else judged.checked_count
    findings = waive_in_marts(found.findings, waivers)
    waived = [finding for finding in findings if finding.severity != said["severity"]]
    whole = Outcome(
        failing.table, said["rule"], said["severity"], said["field"], failing.expectation, checked_count,
        found.row_count - len(waived), [finding for finding in findings if finding not in waived],
    )  # fmt: skip
    if not waived or whole.findings:
        yield whole
    if waived:
        yield dataclasses.replace(whole, severity="warning", failing_count=len(waived), findings=waived)
