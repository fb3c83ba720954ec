"""Results of a gate run: what each rule checked and found, as JSON for programs and as a page for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import orjson

from warehouse.findings.finding import Finding, Severity
from warehouse.findings.messages import describe_finding
from warehouse.ledger.waivers import describe_waived
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.words.pages import page_template

_TEMPLATE = Path(__file__).with_name("results.html.j2")
PLACES_SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """What became of one rule: how many rows it looked at, how many failed, and the findings about them."""

    table: str
    rule: str
    severity: Severity
    field: str | None
    checked_count: int
    failing_count: int
    findings: list[Finding]


@dataclass(frozen=True)
class Results:
    """One run of the gate over the tables of a schema; times are UTC."""

    schema: str
    started_at: datetime
    ended_at: datetime
    outcomes: Sequence[Outcome]

    def count(self, severity: Severity) -> int:
        """Return the number of findings of a severity."""
        return sum(outcome.failing_count for outcome in self.outcomes if outcome.severity == severity)

    @property
    def by_table(self) -> list[tuple[str, list[Outcome]]]:
        """Outcomes of each table, those with findings first, errors before warnings."""
        return [
            (table, sorted(part, key=lambda o: (not o.findings, o.severity)))
            for table, part in groupby(self.outcomes, key=lambda o: o.table)
        ]


def write_results(results: Results, folder: Path) -> None:
    """Write ``results.json`` and ``index.html`` into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_bytes(orjson.dumps(_document(results), option=orjson.OPT_INDENT_2))
    (folder / "index.html").write_text(_page(results), encoding="utf-8")


def _document(results: Results) -> dict[str, object]:
    return {
        "schema": results.schema,
        "started_at": results.started_at,
        "ended_at": results.ended_at,
        "great_expectations_version": version("great-expectations"),
        "success": results.count("error") == 0,
        "errors_count": results.count("error"),
        "warnings_count": results.count("warning"),
        "waivers": describe_waived(finding for outcome in results.outcomes for finding in outcome.findings),
        "suites": [
            {
                "table": table,
                "rules": [
                    {
                        "rule": outcome.rule,
                        "field": outcome.field,
                        "severity": outcome.severity,
                        "checked_count": outcome.checked_count,
                        "failing_count": outcome.failing_count,
                        "success": not outcome.findings,
                    }
                    for outcome in outcomes
                ],
            }
            for table, outcomes in results.by_table
        ],
    }


def _page(results: Results) -> str:
    questionnaire = load_questionnaire()
    return page_template(_TEMPLATE, "en").render(
        describe=lambda finding, language: describe_finding(finding, language, questionnaire),
        results=results,
        errors_count=results.count("error"),
        warnings_count=results.count("warning"),
        places_shown=PLACES_SHOWN,
        version=version("great-expectations"),
    )
