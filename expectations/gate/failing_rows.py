"""Rows that fail a rule: counted and fetched from the database, and converted into findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import duckdb

from expectations.gate.rules import ROW_KEYS, Rule
from expectations.gate.verdicts import GateError, Verdict
from warehouse.findings.finding import Finding, shortened
from warehouse.findings.suggestions import suggest_code
from warehouse.ledger.decisions import MAX_NAMED_ROWS, MORE_ERRORS, MORE_WARNINGS
from warehouse.questionnaire.codelists import label_of
from warehouse.storage.database import rows_as_dicts
from warehouse.words.catalogue import Argument


def find_failing_rows(connection: duckdb.DuckDBPyConnection, verdict: Verdict, codelists: Path) -> list[Finding]:
    """Return a finding for each row that fails a rule, in the order of the keys; ``codelists`` is the folder of seeds.

    In a submission the first MAX_NAMED_ROWS rows have a finding each, and one finding counts all others. Raises
    GateError if there are not as many rows as the verdict counts.
    """
    finder = _Finder(verdict, codelists)
    try:
        rows = finder.fetch(connection)
        findings = list(finder.find(rows))
    except (duckdb.Error, KeyError) as error:
        raise GateError(f"{verdict.rule_name}: {error}") from error
    counted = finder.count(rows)
    if counted != verdict.failing_count:
        raise GateError(
            f"{verdict.rule_name}: {verdict.failing_count} failing rows were counted and {counted} were found"
        )
    return findings


_COUNT = "failing rows"
# How the names of columns with codes end, and the codelist of each.
_CODED = (("country_code", "countries"), ("drug_code", "drugs"), ("unit_code", "units"))


@dataclass(frozen=True)
class _Finder:
    verdict: Verdict
    codelists: Path

    @property
    def rule(self) -> Rule:
        return self.verdict.rule

    @property
    def is_sent(self) -> bool:
        """Whether the rows are those of submissions, and not of a mart."""
        return self.verdict.suite.keys == ROW_KEYS

    def fetch(self, connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
        rows = rows_as_dicts(connection.execute(self._first_of_each() if self.is_sent else self.verdict.query))
        return _ordered(rows, self.verdict.suite.keys)

    def _first_of_each(self) -> str:
        """Return the query of the first failing rows of each submission, with the number of all in column _COUNT."""
        named = [*ROW_KEYS, *placeholders(self.rule), *filter(None, [self.rule.value])]
        columns = ", ".join(dict.fromkeys([*named, *(["country_code"] if self.rule.codelist else [])]))
        return f"""
            select {columns}, count(*) over (partition by submission_id) as "{_COUNT}"
            from ({self.verdict.query})
            qualify row_number() over (partition by submission_id order by sheet, source_row) <= {MAX_NAMED_ROWS}
        """

    def count(self, rows: list[dict[str, Any]]) -> int:
        return sum(row[_COUNT] for row in _firsts(rows).values()) if self.is_sent else len(rows)

    def find(self, rows: list[dict[str, Any]]) -> Iterator[Finding]:
        yield from (self._finding(row) for row in rows)
        if self.is_sent:
            firsts = _firsts(rows)
            yield from (self._more(firsts[name]) for name in sorted(firsts) if firsts[name][_COUNT] > MAX_NAMED_ROWS)

    def _more(self, first: Mapping[str, Any]) -> Finding:
        """Return the finding that counts the rows of a submission without one of their own, after its first row."""
        rule = self.rule
        message = MORE_ERRORS if rule.severity == "error" else MORE_WARNINGS
        arguments: dict[str, Argument] = {"count": first[_COUNT] - MAX_NAMED_ROWS, "row": first["source_row"]}
        return Finding(first["submission_id"], rule.severity, rule.name, message, self.verdict.suite.table,
                       first["sheet"], field=rule.field, arguments=arguments)  # fmt: skip

    def _finding(self, row: Mapping[str, Any]) -> Finding:
        rule, keys = self.rule, self.verdict.suite.keys
        value = row.get(rule.value) if rule.value else None
        arguments = {name: self._argument(name, row[name]) for name in placeholders(rule)}
        arguments.update(rule.constants)
        if rule.value:
            arguments["value"] = _argument(value)
        if not self.is_sent:
            arguments["key"] = " ".join(str(row[key]) for key in keys if key in row)
        message = rule.message
        if rule.codelist and value is not None:
            suggested = suggest_code(self.codelists, rule.codelist, row["country_code"], str(value))
            message, arguments = (suggested[0], dict(suggested[1])) if suggested else (message, arguments)
        return Finding(
            row["submission_id"] if self.is_sent else None,
            rule.severity,
            rule.name,
            message,
            self.verdict.suite.table,
            row["sheet"] if self.is_sent else None,
            row["source_row"] if self.is_sent else None,
            rule.field,
            None if value is None else str(value),
            arguments,
        )

    def _argument(self, name: str, value: object) -> Argument:
        codelist = next((codelist for ending, codelist in _CODED if name.endswith(ending)), None)
        return label_of(self.codelists, codelist, str(value)) if codelist and value is not None else _argument(value)


def placeholders(rule: Rule) -> list[str]:
    """Return the names of columns among the placeholders of a rule's message."""
    names = [name for _, name, _, _ in Formatter().parse(rule.message) if name]
    return [name for name in names if name != "value" and name not in rule.constants]


def _firsts(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["submission_id"]: row for row in reversed(rows)}


def _ordered(rows: Iterable[dict[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    def nulls_last(row: dict[str, Any]) -> list[tuple[bool, Any]]:
        return [(row.get(key) is None, 0 if row.get(key) is None else row[key]) for key in keys]

    return sorted(rows, key=nulls_last)


def _argument(value: object) -> Argument:
    """Return a value of a row as the argument of a message; a struct holds a text in every language."""
    if value is None or (isinstance(value, int | float | Mapping) and not isinstance(value, bool)):
        return value
    return float(value) if isinstance(value, Decimal) else shortened(str(value))
