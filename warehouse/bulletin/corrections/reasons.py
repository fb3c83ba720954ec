"""Why a release changed what another had published: causes by the lineage of both, in words that a reader may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

import duckdb

from warehouse.bulletin.corrections.published import COVERAGE, Change, Step
from warehouse.bulletin.edition import Edition
from warehouse.kits.source import CENTRE
from warehouse.lineage.causes import Cause, Causes, Kind, read_submissions
from warehouse.lineage.release_pair import AFTER, BEFORE, MartTable
from warehouse.lineage.row_changes import differing_rows, fact_changes, without_carried
from warehouse.releases.catalogue import Release, require_published
from warehouse.storage.reading import open_beside
from warehouse.storage.sql import identifier, literal
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

_FACTS, _SUBMISSIONS, _TABLE = "fct_seizures", "rpt_submissions", "seizures"
# What the published figures of a month follow from: what else is told of a seizure changes none of them.
_USED = (
    "seizure_id", "submission_id", "country_code", "reporting_month", "drug_code", "quantity", "quantity_kg",
    "quantity_litres", "conversion_id", "is_presumed_duplicate", "counted_seizure_id",
)  # fmt: skip
_WORDS: Mapping[Kind, str] = {
    "new_submission": N_("a first submission"),
    "revision": N_("a later submission"),
    "newly_accepted": N_("a submission that counts now"),
    "newly_rejected": N_("a submission that counts no more"),
    "withdrawn": N_("a submission that counts no more"),
    "row_released": N_("rows that were held back and count now"),
    "row_quarantined": N_("rows that counted and are held back now"),
    "changed_spelling": N_("a new rule: rows are read as other codes"),
    "changed_factor": N_("a new rule: other factors of conversion"),
    "changed_rule": N_("a new rule"),
    "changed_reference": N_("other codelists or rules"),
}
_OF_OTHERS = N_("what another state reports of the same seizures")
_NOT_TOLD = N_("the releases do not tell")
_OF, _OF_MONTH = N_("{words} ({state})"), N_("{words} ({state}, {month})")


def find_causes(steps: Iterable[Step]) -> list[dict[Change, tuple[Cause, ...]]]:
    """Return for each step the causes of its changes by the submissions and rows of both releases.

    There are none where a release tells of neither. Only rows of states and months that changed are compared. Raises
    ReleaseError for a file that is not as published.
    """
    with open_beside({}) as connection:
        return [_find_causes(connection, step) if step.changes else {} for step in steps]


def _find_causes(connection: duckdb.DuckDBPyConnection, step: Step) -> dict[Change, tuple[Cause, ...]]:
    if not all(_view(connection, schema, release) for schema, release in _sides(step)):
        return dict.fromkeys(step.changes, ())
    causes = Causes(*(read_submissions(connection, schema, release.number) for schema, release in _sides(step)))
    figures = [change for change in step.changes if change.measure != COVERAGE]
    of_rows = _causes_of_rows(connection, figures, causes) if figures else {}
    return {change: _causes_of(change, of_rows, causes) for change in step.changes}


def _sides(step: Step) -> tuple[tuple[str, Release], tuple[str, Release]]:
    return (BEFORE, step.before), (AFTER, step.after)


def _view(connection: duckdb.DuckDBPyConnection, schema: str, release: Release) -> bool:
    """Make views on the facts and submissions of a release in a schema; return whether it has them."""
    connection.execute(f"create schema if not exists {identifier(schema)}")
    for mart in (_FACTS, _SUBMISSIONS):
        path = release.path / "parquet" / f"{mart}.parquet"
        if not path.is_file():
            return False
        require_published(release, path)
        rows = f"read_parquet({literal(str(path))})"
        connection.execute(f"create or replace view {identifier(schema)}.{mart} as from {rows}")
    return True


def _causes_of_rows(
    connection: duckdb.DuckDBPyConnection, changes: Iterable[Change], causes: Causes
) -> Mapping[tuple[str, date, str], set[Cause]]:
    """Return (country, month, drug) → causes of the rows that differ, in the places of these changes."""
    places = {(change.country, change.month) for change in changes}
    listed = ", ".join(f"({literal(country)}, date '{month}')" for country, month in sorted(places))
    both = " union all by name ".join(f"select * from {schema}.{_FACTS}" for schema in (BEFORE, AFTER))
    # A row that tells of a seizure again follows from the one that counts in its place, wherever that was reported.
    connection.execute(f"""
        create or replace temporary table compared as
        with there as (select * from ({both}) where (country_code, reporting_month) in ({listed}))
        select seizure_id from there union select counted_seizure_id from there where counted_seizure_id is not null""")
    columns = [_columns(connection, schema) for schema in (BEFORE, AFTER)]
    shared = tuple(name for name in _USED if all(name in one for one in columns))
    query = f"select {', '.join(shared)} from {{}}.{_FACTS} where seizure_id in (select seizure_id from compared)"
    table = MartTable(_FACTS, ("seizure_id",), shared, {schema: query.format(schema) for schema in (BEFORE, AFTER)})
    rows, _ = without_carried(table, fact_changes(table, differing_rows(connection, table), causes))
    found = defaultdict[tuple[str, date, str], set[Cause]](set)
    for change in rows:
        for row in filter(None, (change.before, change.after)):
            found[row["country_code"], row["reporting_month"], row["drug_code"]].add(change.cause)
    return found


def _columns(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    return {name for name, *_ in connection.execute(f"describe from {schema}.{_FACTS}").fetchall()}


def _causes_of(
    change: Change, of_rows: Mapping[tuple[str, date, str], set[Cause]], causes: Causes
) -> tuple[Cause, ...]:
    if found := of_rows.get((change.country, change.month, change.drug)):
        return tuple(sorted(found))
    moved = causes.of_scope((change.country, change.month, _TABLE))
    return (moved,) if moved else (Cause("changed_reference"),)


def reason(edition: Edition, change: Change, causes: Iterable[Cause]) -> str:
    """Return why a figure changed, as its reader may know it.

    Which file it was is for the centre, and so is which other state a figure follows from: that two states tell of the
    same seizure is not for others.
    """
    told = dict.fromkeys(map(partial(_words, edition, change), causes))
    return "; ".join(told) or edition.say(_NOT_TOLD)


def _words(edition: Edition, change: Change, cause: Cause) -> str:
    is_centre = edition.source.audience == CENTRE
    words = edition.say(_WORDS.get(cause.kind, _NOT_TOLD))
    if not cause.country_code:
        return words
    if cause.country_code != change.country and not is_centre:
        return edition.say(_OF_OTHERS)
    state, month = edition.name("countries", cause.country_code), date.fromisoformat(f"{cause.month}-01")
    if month == change.month:
        told = edition.say(_OF, words=words, state=state)
    else:
        told = edition.say(_OF_MONTH, words=words, state=state, month=month_in_words(month, edition.language))
    file = cause.file_after or cause.file_before
    return f"{told}: {file}" if is_centre and file else told
