"""The difference of two releases: every changed figure has its causes, and their parts make up the change exactly."""

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from examples import examples
from hypothesis import given, settings, strategies as st
from made_releases import Seizure, Submission, made_release

from warehouse.lineage.causes import Cause
from warehouse.lineage.comparison import Difference, RowDifference, compare_releases
from warehouse.lineage.differing_figures import Figure
from warehouse.releases.catalogue import Release
from warehouse.releases.errors import ReleaseError
from warehouse.storage.settings import Settings

DBT_PROJECT = Settings().dbt_project
JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
HEROIN, OPIUM = Seizure("HEROIN", 2.5, record_id="K1"), Seizure("OPIUM", 0.7, record_id="K2")
FIRST = Submission("first", "KAZ", JANUARY, [HEROIN, OPIUM])
OTHER = Submission("other", "UZB", JANUARY, [OPIUM])


def compare(folder: Path, before: Sequence[Submission], after: Sequence[Submission]) -> Difference:
    return compare_releases(made_release(folder, 1, before), made_release(folder, 2, after), DBT_PROJECT)


def rows(difference: Difference, name: str) -> tuple[RowDifference, ...]:
    return next((part.rows for part in difference.marts if part.name == name), ())


def figures(difference: Difference, name: str) -> dict[tuple[Any, ...], Figure]:
    return {(*row.key.values(), f.name): f for row in rows(difference, name) for f in row.figures}


def told(figure: Figure) -> tuple[Any, Any, Mapping[str, str]]:
    return figure.before, figure.after, {str(cause): str(amount) for cause, amount in figure.parts.items()}


def test_a_release_does_not_differ_from_itself(tmp_path: Path) -> None:
    difference = compare(tmp_path, [FIRST, OTHER], [FIRST, OTHER])
    assert (difference.marts, difference.submissions, difference.incomparable) == ((), (), ())
    by = ("drug", "month", "size", "year")
    marts = (*(f"rpt_seizures_by_{what}" for what in by), "rpt_submissions")
    assert difference.compared == ("fct_seizures", *marts)


def test_a_correction(tmp_path: Path) -> None:
    revised = Submission("second", "KAZ", JANUARY, [HEROIN, replace(OPIUM, quantity=0.75), Seizure("HEROIN", 0.5)])
    difference = compare(tmp_path, [FIRST, OTHER], [FIRST, OTHER, revised])
    cause = "second.csv replaces first.csv"
    assert [str(found) for found in difference.submissions] == [cause]
    found = figures(difference, "rpt_seizures_by_month")
    assert set(found) == {
        ("KAZ", JANUARY, "HEROIN", name) for name in ("seizures_count", "known_quantity_count", "quantity_kg")
    } | {("KAZ", JANUARY, "OPIUM", "quantity_kg")}
    assert told(found["KAZ", JANUARY, "HEROIN", "quantity_kg"]) == (2.5, 3.0, {cause: "0.5"})
    assert told(found["KAZ", JANUARY, "HEROIN", "seizures_count"]) == (1, 2, {cause: "1"})
    assert told(found["KAZ", JANUARY, "OPIUM", "quantity_kg"]) == (0.7, 0.75, {cause: "0.05"})
    (facts,) = (part for part in difference.marts if part.name == "fct_seizures")
    assert (facts.carried_count, Counter(row.kind for row in facts.rows)) == (1, {"added": 2, "removed": 1})


def test_causes_of_a_mart_that_names_submissions(tmp_path: Path) -> None:
    rejected = Submission("bad", "UZB", JANUARY, [OPIUM], outcome="rejected")
    found = figures(compare(tmp_path, [OTHER], [OTHER, FIRST, rejected]), "rpt_submissions")
    assert {name: [str(c) for c in f.causes] for (name, _, column, *_), f in found.items() if column == "outcome"} == {
        "bad": ["bad.csv was received and rejected"],
        "first": ["first.csv is new"],
    }


@pytest.mark.parametrize(
    ("before", "after", "kind", "words"),
    [
        ([], [FIRST], "new_submission", "first.csv is new"),
        ([FIRST], [], "withdrawn", "first.csv is not known any more"),
        ([FIRST], [replace(FIRST, outcome="rejected")], "newly_rejected",
         "first.csv is rejected, which was accepted before"),
        ([replace(FIRST, outcome="rejected")], [FIRST], "newly_accepted",
         "first.csv is accepted, which was rejected before"),
        ([FIRST, replace(FIRST, name="second")], [FIRST, replace(FIRST, name="second", outcome="rejected")],
         "newly_rejected", "second.csv is rejected, which was accepted before; first.csv speaks instead"),
    ],
)  # fmt: skip
def test_causes_of_another_submission(
    tmp_path: Path, before: list[Submission], after: list[Submission], kind: str, words: str
) -> None:
    (cause,) = compare(tmp_path, [OTHER, *before], [OTHER, *after]).submissions
    assert (cause.kind, str(cause), cause.country_code, cause.month) == (kind, words, "KAZ", "2024-01")


@pytest.mark.parametrize(
    ("before", "after", "kind", "words"),
    [
        (None, HEROIN, "row_released", "rows of first.csv that were held back are accepted"),
        (HEROIN, None, "row_quarantined", "rows of first.csv that were accepted are held back"),
        (Seizure("UNKNOWN", 2.5), Seizure("HEROIN", 2.5), "changed_spelling",
         "rows of first.csv are read as other codes (drug_code)"),
        (HEROIN, replace(HEROIN, factor=0.9, conversion_id="KG-2"), "changed_factor",
         "rows of first.csv are converted by other factors (conversion_id, quantity_kg)"),
        (HEROIN, replace(HEROIN, quantity=25.0), "changed_rule",
         "rows of first.csv are read by other rules (quantity, quantity_kg)"),
    ],
)  # fmt: skip
def test_causes_within_a_submission(
    tmp_path: Path, before: Seizure | None, after: Seizure | None, kind: str, words: str
) -> None:
    one, two = (replace(FIRST, rows=[row, OPIUM]) for row in (before, after))
    difference = compare(tmp_path, [one], [two])
    assert difference.submissions == ()
    parts = [cause for f in figures(difference, "rpt_seizures_by_month").values() for cause in f.parts]
    assert {(cause.kind, str(cause)) for cause in parts} == {(kind, words)}


def test_a_row_that_moves_leaves_one_figure_and_enters_another(tmp_path: Path) -> None:
    one, two = (replace(FIRST, rows=[Seizure(drug, 0.1), Seizure("HEROIN", 0.2)]) for drug in (None, "HEROIN"))
    found = figures(compare(tmp_path, [one], [two]), "rpt_seizures_by_drug")
    left, entered = found["NOT_ANSWERED", "quantity_kg"], found["HEROIN", "quantity_kg"]
    assert (left.before, left.after, str(left.change), list(map(str, left.parts.values()))) == (
        0.1,
        None,
        "-0.1",
        ["-0.1"],
    )
    # 0.1 + 0.2 of doubles is not 0.3: the rest is said, not hidden in a cause.
    assert told(entered) == (0.2, 0.1 + 0.2, {
        "rows of first.csv are read as other codes (drug_code)": "0.1",
        "rounding of the published sums": "4E-17",
    })  # fmt: skip


def test_a_figure_that_is_no_sum_has_the_causes_of_its_rows(tmp_path: Path) -> None:
    unknown = Submission("first", "KAZ", JANUARY, [HEROIN, Seizure("HEROIN", None)])
    found = figures(compare(tmp_path, [FIRST], [unknown]), "rpt_seizures_by_month")
    share = found["KAZ", JANUARY, "HEROIN", "known_quantity_pct"]
    assert (share.before, share.after, share.parts, share.is_direct) == (100.0, 50.0, {}, True)
    assert [(cause.kind, cause.file_after) for cause in share.causes] == [("changed_spelling", "first.csv")]


def test_a_figure_by_a_key_that_facts_lack_has_the_causes_of_the_rest_of_its_key(tmp_path: Path) -> None:
    again = Submission("again", "KAZ", JANUARY, [HEROIN, OPIUM, OPIUM])
    found = figures(compare(tmp_path, [FIRST], [FIRST, again, OTHER]), "rpt_seizures_by_size")
    small = found["KAZ", "SMALL", "seizures_count"]
    assert (small.before, small.after, small.is_direct, small.parts) == (1, 2, False, {})
    assert [str(cause) for cause in small.causes] == ["again.csv replaces first.csv"]


def test_a_figure_about_others_has_the_causes_of_its_month(tmp_path: Path) -> None:
    new = Submission("later", "UZB", FEBRUARY, [OPIUM])
    found = figures(compare(tmp_path, [FIRST], [FIRST, OTHER, new]), "rpt_seizures_by_month")
    reporting = found["KAZ", JANUARY, "HEROIN", "reporting_countries_count"]
    assert (reporting.before, reporting.after, reporting.is_direct) == (1, 2, False)
    assert [str(cause) for cause in reporting.causes] == ["other.csv is new"]


def test_a_sum_that_does_not_hold_is_not_taken_for_one(tmp_path: Path) -> None:
    before, after = made_release(tmp_path, 1, [FIRST]), made_release(tmp_path, 2, [FIRST, OTHER])
    with duckdb.connect(str(after.database)) as connection:
        connection.execute(
            "update rpt_seizures_by_drug set quantity_kg = quantity_kg * 1.001 where drug_code = 'OPIUM'"
        )
    found = figures(compare_releases(before, after, DBT_PROJECT), "rpt_seizures_by_drug")
    assert found["OPIUM", "quantity_kg"].parts == {}
    assert [str(cause) for cause in found["OPIUM", "quantity_kg"].causes] == ["other.csv is new"]
    assert told(found["OPIUM", "seizures_count"]) == (1, 2, {"other.csv is new": "1"})


def test_a_figure_that_changes_without_a_row_has_what_the_marts_are_made_with_for_a_cause(tmp_path: Path) -> None:
    before, after = made_release(tmp_path, 1, [FIRST]), made_release(tmp_path, 2, [FIRST])
    with duckdb.connect(str(after.database)) as connection:
        connection.execute("update rpt_seizures_by_year set median_kg = 2 * median_kg")
    figure = figures(compare_releases(before, after, DBT_PROJECT), "rpt_seizures_by_year")["KAZ", 2024, "median_kg"]
    assert (figure.parts, figure.is_direct) == ({}, False)
    assert [str(cause) for cause in figure.causes] == ["the codelists, reference figures or models are others"]


def test_columns_and_marts_of_one_release_are_named_and_not_compared(tmp_path: Path) -> None:
    before, after = made_release(tmp_path, 1, [FIRST]), made_release(tmp_path, 2, [FIRST])
    with duckdb.connect(str(after.database)) as connection:
        connection.execute("alter table fct_seizures add column place varchar default 'Osh'")
        connection.execute("alter table fct_seizures drop column record_id")
        connection.execute("create table rpt_prices_by_month as select 1 as price")
    difference = compare_releases(before, after, DBT_PROJECT)
    assert difference.incomparable == ("rpt_prices_by_month",)
    (facts,) = difference.marts
    assert (facts.rows, facts.added_columns, facts.removed_columns) == ((), ("place",), ("record_id",))


def test_facts_that_name_no_submission_are_compared_like_figures(tmp_path: Path) -> None:
    before, after = made_release(tmp_path, 1, [FIRST]), made_release(tmp_path, 2, [FIRST, OTHER])
    for release, score in ((before, 0.5), (after, 0.9)):
        with duckdb.connect(str(release.database)) as connection:
            connection.execute("create table fct_pairs (pair_id varchar primary key, score double)")
            connection.execute("insert into fct_pairs values ('one', ?)", [score])
    figure = figures(compare_releases(before, after, DBT_PROJECT), "fct_pairs")["one", "score"]
    assert (figure.before, figure.after, figure.is_direct) == (0.5, 0.9, False)
    assert [str(cause) for cause in figure.causes] == ["other.csv is new"]


def test_a_release_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    release = made_release(tmp_path, 1, [FIRST])
    with pytest.raises(ReleaseError, match="Release 7 cannot be opened"):
        compare_releases(release, Release(7, tmp_path / "7"), DBT_PROJECT)
    with duckdb.connect(str(release.database)) as connection:
        connection.execute("drop table rpt_submissions")
    with pytest.raises(ReleaseError, match="Release 1 has no rpt_submissions"):
        compare_releases(release, release, DBT_PROJECT)


# Chance decides what each release knows: which submissions, their outcome, rows held back, codes and factors.
SEIZURES = st.builds(
    Seizure,
    st.sampled_from(["HEROIN", "OPIUM", None]),
    st.none() | st.floats(0, 1000) | st.decimals(0, 100, places=3).map(float),
)
POOL = st.lists(
    st.builds(
        Submission,
        st.just(""),
        st.sampled_from(["KAZ", "UZB"]),
        st.sampled_from([JANUARY, FEBRUARY]),
        st.lists(SEIZURES, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[Submission], list[Submission]]:
    pool = [replace(submission, name=f"s{number}") for number, submission in enumerate(draw(POOL))]

    def row(seizure: Seizure | None) -> Seizure | None:
        assert seizure
        how = draw(st.sampled_from(["as sent", "as sent", "held back", "other code", "other factor"]))
        if how == "held back":
            return None
        if how == "other code":
            return replace(seizure, drug_code="MDMA")
        return replace(seizure, factor=0.3, conversion_id="KG-2") if how == "other factor" else seizure

    def telling() -> list[Submission]:
        known = [submission for submission in pool if draw(st.booleans())]
        outcomes = st.sampled_from(["accepted", "accepted", "rejected"])
        return [replace(s, rows=[row(seizure) for seizure in s.rows], outcome=draw(outcomes)) for s in known]

    return telling(), telling()


def exact(release: Release) -> dict[tuple[str, str, str], Fraction]:
    """Return the sum of kilograms of each drug, country and month, without rounding."""
    with duckdb.connect(str(release.database), read_only=True) as connection:
        rows = connection.execute(
            "select coalesce(drug_code, 'NOT_ANSWERED'), country_code, strftime(reporting_month, '%Y-%m'), quantity_kg "
            "from fct_seizures where quantity_kg is not null"
        ).fetchall()
    sums: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for *key, kg in rows:
        sums[key[0], key[1], key[2]] += Fraction(repr(kg))
    return sums


@pytest.mark.chance
@settings(deadline=None, max_examples=examples(6, 100))
@given(tellings())
def test_the_parts_of_every_change_add_up_to_it_exactly(told: tuple[list[Submission], list[Submission]]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        before, after = (made_release(folder, number, part) for number, part in enumerate(told, start=1))
        difference = compare_releases(before, after, DBT_PROJECT)
        sums = (exact(before), exact(after))
    finally:
        shutil.rmtree(folder)
    assert all(figure.causes for figure in all_figures(difference))
    for name in ("rpt_seizures_by_month", "rpt_seizures_by_drug", "rpt_seizures_by_year"):
        for figure in all_figures(difference, name):
            if figure.name in ADDITIVE:
                assert_parts(figure)
    # They are the right parts: what each country and month adds to a drug is counted here without the difference.
    for (drug, name), figure in figures(difference, "rpt_seizures_by_drug").items():
        if name == "quantity_kg":
            parts: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
            for cause, amount in figure.parts.items():
                parts[cause.country_code, cause.month] += Fraction(amount)
            for country, month in {(c, m) for side in sums for d, c, m in side if d == drug}:
                key = (drug, country, month)
                assert parts[country, month] == sums[1].get(key, 0) - sums[0].get(key, 0)


def all_figures(difference: Difference, name: str | None = None) -> list[Figure]:
    return [f for part in difference.marts if name in (None, part.name) for row in part.rows for f in row.figures]


ADDITIVE = {"seizures_count", "known_quantity_count", "quantity_kg"}


def assert_parts(figure: Figure) -> None:
    change = Fraction(repr(figure.after or 0)) - Fraction(repr(figure.before or 0))
    assert figure.change is not None
    assert Fraction(figure.change) == change == sum((Fraction(amount) for amount in figure.parts.values()), Fraction())
    assert all(figure.parts.values())
    rounding = sum(abs(amount) for cause, amount in figure.parts.items() if cause.kind == "rounding")
    assert rounding <= 1e-12 * max(figure.after or 0, figure.before or 0)
    assert {cause.kind for cause in figure.parts}.isdisjoint({"unexplained"})
    assert all(isinstance(cause, Cause) for cause in figure.parts)
