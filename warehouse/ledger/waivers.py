"""Waivers: errors that an office takes responsibility for; until a day they are warnings and their rows count."""

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

import duckdb
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from warehouse.definition_file import what_is_wrong
from warehouse.findings.finding import Finding
from warehouse.ledger.in_force import KNOWN_DECISIONS
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.language import LANGUAGES
from warehouse.storage.database import rows_as_dicts
from warehouse.storage.errors import SaraiError
from warehouse.storage.regular_files import read_regular
from warehouse.words.catalogue import N_, Argument, fill

WAIVED = N_("{waived} Waived until {expires_date} by {approved_by}: {reason}")


# Arguments of findings of gate 2 by which their waivers name them.
_OF_MARTS = ("month", "source_row", "amount")


class WaiverError(SaraiError):
    """The file of waivers is wrong; the message names the waiver, its fault, and what to write."""


def _month(text: object) -> object:
    if not isinstance(text, str):
        raise ValueError("write year and month, for example 2024-05")  # noqa: TRY004 - what pydantic reports
    return f"{text}-01"


class Waiver(BaseModel):
    """Errors of one rule in one table of one country and month that are warnings up to and with the day ``expires``.

    Without ``field`` about any field, without ``source_row`` in any row. One of a row is for what was looked at there
    and for nothing that a correction puts in its place: ``value`` is the text that the finding quotes, ``amount`` the
    number that gate 2 names. ``approved_by`` is an office, not a person.
    One without ``reporting_month`` is about a mart, in which gate 2 missed the country; gate 2 names others by month.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    country_code: str
    reporting_month: Annotated[date | None, BeforeValidator(_month)] = None
    table: str
    rule: str
    field: str | None = None
    source_row: int | None = None
    value: str | None = None
    amount: float | None = None
    reason: str = Field(min_length=10)
    approved_by: str = Field(min_length=2)
    approved: date
    expires: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.expires <= self.approved:
            raise ValueError(f"expires {self.expires}, not after {self.approved}, the day on which it was approved")
        return self

    def is_valid(self, day: date) -> bool:
        """Whether it holds on a day (UTC)."""
        return self.approved <= day <= self.expires

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding of a submission, or of gate 2, of its country and month.

        A row of a mart is named by the argument ``source_row`` of a finding of gate 2.
        """
        row = finding.arguments.get("source_row") if finding.source_row is None else finding.source_row
        return (
            (finding.severity, finding.table_name, finding.rule) == ("error", self.table, self.rule)
            and self.field in (None, finding.field)
            and self.source_row in (None, row)
            and self.value in (None, finding.value)
            and self.amount in (None, finding.arguments.get("amount"))
        )

    @property
    def month(self) -> str | None:
        """Its month as YYYY-MM."""
        return f"{self.reporting_month:%Y-%m}" if self.reporting_month else None


class _Waivers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    waivers: list[Waiver]


def read_waivers(path: Path) -> list[Waiver]:
    """Read a file of waivers; raises WaiverError."""
    try:
        return _Waivers.model_validate(yaml.safe_load(read_regular(path).decode("utf-8"))).waivers
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WaiverError(f"{path.name} cannot be read: {error}") from error
    except ValidationError as error:
        raise WaiverError(f"{path.name} is wrong, counted from 0: {what_is_wrong(error)}") from error


def waivers_of(connection: duckdb.DuckDBPyConnection, waivers: Iterable[Waiver]) -> dict[str, list[Waiver]]:
    """Return submission_id → waivers, of the submissions whose country and month have any of a table of the form.

    Those of marts decide nothing about a submission.
    """
    found: dict[str, list[Waiver]] = {}
    tables = {table.name for table in load_questionnaire().tables}
    for waiver in (waiver for waiver in waivers if waiver.table in tables):
        for (submission_id,) in connection.execute(
            "select submission_id from raw.submissions where country_code = ? and reporting_month = ?",
            [waiver.country_code, waiver.reporting_month],
        ).fetchall():
            found.setdefault(submission_id, []).append(waiver)
    return found


def digest(waivers: Sequence[Waiver]) -> str:
    """Return 8 hex digits that change with every word of the waivers."""
    return hashlib.sha256(repr(waivers).encode()).hexdigest()[:8]


def waive(
    connection: duckdb.DuckDBPyConnection, findings: Iterable[Finding], waivers: Sequence[Waiver]
) -> list[Finding]:
    """Return the findings in the same order; those that a waiver covers become warnings that name it."""
    own = waivers_of(connection, waivers)
    return [_waive(finding, own.get(finding.submission_id or "", ())) for finding in findings]


def waive_in_marts(findings: Iterable[Finding], waivers: Sequence[Waiver]) -> list[Finding]:
    """Return findings of gate 2, whose value is a country, in the same way; a month is their argument ``month``."""
    return [
        _waive(
            finding,
            [w for w in waivers if (w.country_code, w.month) == (finding.value, finding.arguments.get("month"))],
        )
        for finding in findings
    ]


def _waive(finding: Finding, waivers: Iterable[Waiver]) -> Finding:
    return next((_waived(finding, waiver) for waiver in waivers if waiver.covers(finding)), finding)


def _waived(finding: Finding, waiver: Waiver) -> Finding:
    waived: dict[str, Argument] = {
        "waived": {language: fill(finding.message, finding.arguments, language) for language in LANGUAGES},
        "expires_date": waiver.expires.isoformat(),
        "approved_by": waiver.approved_by,
        "reason": waiver.reason,
    }
    return dataclasses.replace(finding, severity="warning", message=WAIVED, arguments={**finding.arguments, **waived})


def read_waived(
    connection: duckdb.DuckDBPyConnection, submission_ids: Sequence[str], as_of: date | None
) -> list[dict[str, Any]]:
    """Return what the last decisions up to a day (UTC) on these submissions waived: where, why, by whom, how often."""
    cursor = connection.execute(
        f"""
        with decided as ({KNOWN_DECISIONS})
        select submission_id, table_name as "table", rule, field, arguments ->> '$.reason' as reason,
            arguments ->> '$.approved_by' as approved_by, arguments ->> '$.expires_date' as expires,
            count(*) as findings_count
        from raw.findings inner join decided using (submission_id, decided_at)
        where template = $template and submission_id in (select unnest($names::varchar[]))
        group by all
        order by all
        """,
        {"template": WAIVED, "names": list(submission_ids), "as_of": as_of},
    )
    return rows_as_dicts(cursor)


def describe_waived(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return what was waived among findings of gate 2: like read_waived, with a country in place of a submission."""
    return [
        {
            "country_code": finding.value,
            **{name: finding.arguments[name] for name in _OF_MARTS if name in finding.arguments},
            "table": finding.table_name,
            "rule": finding.rule,
            "field": finding.field,
            "reason": finding.arguments["reason"],
            "approved_by": finding.arguments["approved_by"],
            "expires": finding.arguments["expires_date"],
            "findings_count": 1,
        }
        for finding in findings
        if finding.message == WAIVED
    ]
