"""Causes: why a row is in one release and not, or not the same, in another."""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import duckdb

from warehouse.releases.errors import ReleaseError
from warehouse.storage.sql import identifier
from warehouse.text_table import printable

Kind = Literal[
    "new_submission", "revision", "newly_accepted", "newly_rejected", "withdrawn", "rejected_submission",
    "row_released", "row_quarantined", "changed_spelling", "changed_factor", "changed_rule", "changed_reference",
    "rounding", "unexplained",
]  # fmt: skip

Scope = tuple[str, date, str]  # country, month, table: one submission is in force for it

_CONVERSIONS = {"conversion_id", "equivalent_conversion_id", "units_per_usd"}
_CONVERTED = ("_kg", "_litres", "_usd")  # what a factor or a rate makes of the number that was sent

_WORDS: dict[Kind, str] = {
    "new_submission": "{after} is new",
    "revision": "{after} replaces {before}",
    "newly_accepted": "{after} is accepted, which was rejected before",
    "newly_rejected": "{before} is rejected, which was accepted before",
    "withdrawn": "{before} is not known any more",
    "rejected_submission": "{after} was received and rejected",
    "row_released": "rows of {after} that were held back are accepted",
    "row_quarantined": "rows of {before} that were accepted are held back",
    "changed_spelling": "rows of {after} are read as other codes",
    "changed_factor": "rows of {after} are converted by other factors",
    "changed_rule": "rows of {after} are read by other rules",
    "changed_reference": "the codelists, reference figures or models are others",
    "rounding": "rounding of the published sums",
    "unexplained": "no row explains it",
}


@dataclass(frozen=True, order=True)
class Cause:
    """One cause: the submissions are those in force before and after, or those that the row belongs to.

    ``month`` is YYYY-MM, ``columns`` are those that a changed rule gave other values.
    """

    kind: Kind
    country_code: str = ""
    month: str = ""
    table_name: str = ""
    submission_before: str = ""
    submission_after: str = ""
    file_before: str = ""
    file_after: str = ""
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the cause in words."""
        before, after = printable(self.file_before), printable(self.file_after)
        words = _WORDS[self.kind].format(before=before, after=after)
        if self.columns:
            return f"{words} ({', '.join(self.columns)})"
        if self.kind in ("newly_rejected", "withdrawn") and self.file_after:
            return f"{words}; {after} speaks instead"
        return words


@dataclass(frozen=True)
class ReleasedSubmissions:
    """The submissions that a release lists, what each reports on, and which one is in force for it.

    ``known`` maps them to the names of their files, ``rejected`` are the tables of them that were not accepted.
    """

    known: Mapping[str, str]
    rejected: AbstractSet[tuple[str, str]]  # (submission_id, table)
    scopes: Mapping[tuple[str, str], Scope]  # (submission_id, table) → scope
    in_force: Mapping[Scope, str]

    @property
    def tables(self) -> set[str]:
        """Every table that was ever answered."""
        return {table for _, table in self.scopes}

    def file_of(self, submission: str) -> str:
        """Return the name of its file; empty for no submission."""
        return self.known[submission] if submission else ""


@dataclass(frozen=True)
class Causes:
    """Finds causes between two releases."""

    before: ReleasedSubmissions
    after: ReleasedSubmissions

    @property
    def tables(self) -> set[str]:
        """Every table of the questionnaire that was ever answered in either release."""
        return self.before.tables | self.after.tables

    def of_submissions(self) -> list[Cause]:
        """Return a cause for each country, month and table with another submission in force."""
        scopes = {**self.before.in_force, **self.after.in_force}
        found = filter(None, map(self.of_scope, scopes))
        return sorted(found, key=lambda cause: (cause.country_code, cause.month, cause.table_name))

    def of_scope(self, scope: Scope) -> Cause | None:
        """Return why another submission is in force; None if it is the same or there is none."""
        old, new = self.before.in_force.get(scope, ""), self.after.in_force.get(scope, "")
        return self._cause(self._kind(old, new, scope[2]), scope, old, new) if old != new else None

    def of_row(self, table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Cause:
        """Return why a row of facts is there, is gone, or has changed; a row has its submission_id."""
        row = after or before or {}
        submission = row["submission_id"]
        listed = self.before if after is None else self.after
        scope = listed.scopes[submission, table]
        moved = self.of_scope(scope)
        if moved and not (before and after):
            return moved
        if before and after:
            columns = tuple(sorted(name for name in after if before.get(name) != after[name]))
            return self._cause(_changed(columns), scope, submission, submission, columns)
        return self._cause("row_quarantined" if before else "row_released", scope, submission, submission)

    def of_submission_row(self, submission: str, table: str, columns: Collection[str]) -> Cause | None:
        """Return why a row of a mart about a submission itself differs; None where the submission is about no month."""
        scope = self.after.scopes.get((submission, table)) or self.before.scopes.get((submission, table))
        if scope is None:
            return None
        if moved := self.of_scope(scope):
            return moved
        if submission not in self.before.known:
            is_rejected = (submission, table) in self.after.rejected
            return self._cause("rejected_submission" if is_rejected else "new_submission", scope, "", submission)
        if submission not in self.after.known:
            return self._cause("withdrawn", scope, submission, "")
        return self._cause("changed_rule", scope, submission, submission, tuple(sorted(columns)))

    def of_rule(self, submission: str, table: str, columns: Collection[str]) -> Cause:
        """Return the cause where a row is the same and counts otherwise; ``columns`` are those that differ."""
        scope = self.after.scopes.get((submission, table)) or self.before.scopes[submission, table]
        return self._cause("changed_rule", scope, submission, submission, tuple(sorted(columns)))

    def _kind(self, old: str, new: str, table: str) -> Kind:
        if old and old not in self.after.known:
            return "withdrawn"
        if (old, table) in self.after.rejected:
            return "newly_rejected"
        if (new, table) in self.before.rejected:
            return "newly_accepted"
        return "revision" if old and new else "new_submission"

    def _cause(self, kind: Kind, scope: Scope, old: str, new: str, columns: tuple[str, ...] = ()) -> Cause:
        country, month, table = scope
        file_before, file_after = self.before.file_of(old), self.after.file_of(new)
        return Cause(kind, country, f"{month:%Y-%m}", table, old, new, file_before, file_after, columns)


def _changed(columns: Collection[str]) -> Kind:
    """Return what kind of rule gave a row other values: codes come before factors, which depend on them."""
    if any(name.endswith("_code") for name in columns):
        return "changed_spelling"
    if _CONVERSIONS & set(columns) or all(name.endswith(_CONVERTED) for name in columns):
        return "changed_factor"
    return "changed_rule"


def read_submissions(connection: duckdb.DuckDBPyConnection, schema: str, number: int) -> ReleasedSubmissions:
    """Read rpt_submissions of the release attached as ``schema``; raises ReleaseError without that mart."""
    try:
        rows = connection.execute(
            "select submission_id, table_name, file_name, outcome, country_code, reporting_month, is_current "
            f"from {identifier(schema)}.rpt_submissions"
        ).fetchall()
    except duckdb.CatalogException as error:
        raise ReleaseError(f"Release {number} has no rpt_submissions, which names its submissions.") from error
    known, scopes, in_force = {}, {}, {}
    rejected = {(submission, table) for submission, table, _, outcome, *_ in rows if outcome == "rejected"}
    for submission, table, file_name, _, country, month, is_current in rows:
        known[submission] = file_name
        if country and month:
            scopes[submission, table] = (country, month, table)
            if is_current:
                in_force[country, month, table] = submission
    return ReleasedSubmissions(known, rejected, scopes, in_force)
