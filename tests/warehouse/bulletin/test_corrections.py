"""Corrections: what a release changed of published figures is told, with both values, since when and why."""

import html
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from made_releases import Seizure, Submission
from published_releases import Told, publish_each, sent
from revised_releases import revise

from warehouse.bulletin.bulletin import make_bulletin
from warehouse.bulletin.corrections.section import correction_frame, read_corrections, with_corrections
from warehouse.bulletin.edition import open_edition
from warehouse.bulletin.pages import Page, render
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.questionnaire.language import LANGUAGES, Language
from warehouse.releases.catalogue import Release
from warehouse.releases.errors import ReleaseError
from warehouse.releases.verification import verify_folder
from warehouse.storage.settings import Settings

OLD, MONTH = date(2019, 3, 1), date(2024, 1, 1)
HEROIN, OPIUM = Seizure("HEROIN", 2.5), Seizure("OPIUM", 0.7)
FIRST = sent("first", "KAZ", MONTH, HEROIN, OPIUM)
OTHER = sent("other", "UZB", MONTH, OPIUM)
REVISED = replace(FIRST, name="second", rows=[HEROIN, Seizure("OPIUM", 0.75)])
DAYS = ("2024-02-25", "2024-03-25", "2024-04-25")
SAID = {
    "en": ("Since release 3 of 2024-04-25, which follows release 2", "kg 0.7 0.75", "a later submission (State KAZ)"),
    "ru": ("Начиная с выпуска 3 от 2024-04-25", "кг 0,7 0,75", "более поздний отчёт, государство: Страна KAZ"),
}
# State, drug, figure, was, is, why, and the release since which it is so.
Row = tuple[Any, ...]


def told(folder: Path, *releases: Sequence[Submission]) -> list[Row]:
    """Return what the newest of these releases tells members was corrected, in words."""
    published = publish_each(folder / "releases", dict(zip(DAYS, releases, strict=False)))
    return told_by(folder, published[-1], MEMBERS)


def told_by(folder: Path, release: Release, audience: str) -> list[Row]:
    with opened(release, audience, Settings(home=folder)) as source:
        corrections, edition = read_corrections(source), open_edition(source)
        frame = correction_frame(edition, corrections)
    columns = ["country_code", "drug_code", "measure", "before", "after", "reason", "release_after"]
    frame["measure"] = frame["measure"].str.removesuffix("_without_duplicates")
    frame = frame[columns].astype(object).where(frame[columns].notna(), None)
    return [(*map(str, row[:-1]), row[-1]) for row in frame.itertuples(index=False, name=None)]


def page_of(folder: Path, release: Release, audience: str, language: Language = "en") -> str:
    """Return the page of MONTH as its bulletin has it, but for its figures."""
    with opened(release, audience, Settings(home=folder)) as source:
        edition = replace(open_edition(source), language=language)
        place = folder / "bulletin" / audience
        place.mkdir(parents=True, exist_ok=True)
        page = Page("month-2024-01", "January 2024", "")
        return render(with_corrections(edition, page, read_corrections(source).of(MONTH), place), edition, [page])


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_nothing_is_told_where_nothing_changed(tmp_path: Path) -> None:
    february = sent("february", "KAZ", date(2024, 2, 1), HEROIN)
    again = replace(FIRST, name="again")
    assert told(tmp_path, [FIRST, OTHER], [FIRST, OTHER, again, february]) == []
    page = page_of(tmp_path, Release(2, tmp_path / "releases" / "2"), PUBLIC)
    assert "orrect" not in plain(page)


def test_a_changed_figure_is_told_with_both_values_and_its_cause_through_all_releases(tmp_path: Path) -> None:
    third = replace(REVISED, name="third", rows=[HEROIN, Seizure("OPIUM", 0.8), HEROIN])
    found = told(tmp_path, [FIRST, OTHER], [FIRST, OTHER, REVISED], [FIRST, OTHER, REVISED, third])
    why = "a later submission (State KAZ)"
    assert found == [
        ("KAZ", "HEROIN", "quantity_kg", "2.5", "5.0", why, 3),
        ("KAZ", "HEROIN", "seizures_count", "1.0", "2.0", why, 3),
        ("KAZ", "OPIUM", "quantity_kg", "0.7", "0.75", why, 2),
        ("KAZ", "OPIUM", "quantity_kg", "0.75", "0.8", why, 3),
    ]


def test_the_page_says_since_when_and_leads_to_the_page_that_was_replaced(tmp_path: Path) -> None:
    releases = {"2024-02-25": [FIRST, OTHER], "2024-03-25": [FIRST, OTHER], "2024-04-25": [FIRST, OTHER, REVISED]}
    newest = publish_each(tmp_path / "releases", releases)[-1]
    for audience, language in product((PUBLIC, MEMBERS, CENTRE), LANGUAGES):
        heading, figure, why = SAID[language]
        # Of release 2 nobody made a bulletin: that of release 1 is what stood there before.
        old = tmp_path / "bulletin" / audience / "1" / f"month-2024-01_{language}.html"
        old.parent.mkdir(parents=True, exist_ok=True)
        (old.parent / "datapackage.json").write_text('{"version": "7"}')  # of another release, put there by hand
        assert "../1/" not in page_of(tmp_path, newest, audience, language)
        old.touch()
        (old.parent / "datapackage.json").write_text('{"version": "1"}')
        page = page_of(tmp_path, newest, audience, language)
        assert f'href="../1/month-2024-01_{language}.html"' in page
        assert heading in plain(page)
        assert figure in plain(page)
        assert why in plain(page)
        # Which file it was is for the centre alone.
        assert ("second" in page) == (audience == CENTRE)


def test_a_first_report_is_told_by_itself_and_a_lost_one_with_all_that_is_not_known_any_more(tmp_path: Path) -> None:
    late = sent("late", "KGZ", MONTH, HEROIN, OPIUM)
    refused = replace(late, outcome="rejected")
    assert told(tmp_path, [FIRST], [FIRST, late], [FIRST, refused]) == [
        ("KGZ", "", "coverage", "missing", "data", "a first submission (State KGZ)", 2),
        ("KGZ", "", "coverage", "data", "missing", "a submission that counts no more (State KGZ)", 3),
        *(
            ("KGZ", drug, measure, value, "None", "a submission that counts no more (State KGZ)", 3)
            for drug, kg in (("HEROIN", "2.5"), ("OPIUM", "0.7"))
            for measure, value in (("quantity_kg", kg), ("seizures_count", "1.0"))
        ),
    ]  # fmt: skip


def test_where_a_state_has_reported_a_drug_without_seizures_was_zero(tmp_path: Path) -> None:
    before = replace(FIRST, rows=[OPIUM])
    more = replace(FIRST, name="more", rows=[OPIUM, Told("HEROIN", 3.0, factor=0.0, litres=3.0)])
    found = told(tmp_path, [before], [before, more])
    assert {row[:6] for row in found} == {
        ("KAZ", "HEROIN", measure, "0.0", value, "a later submission (State KAZ)")
        for measure, value in (("seizures_count", "1.0"), ("quantity_litres", "3.0"))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([HEROIN, None], "rows that counted and are held back now (State KAZ)"),
        ([replace(HEROIN, factor=0.9, conversion_id="KG-2"), OPIUM],
         "a new rule: other factors of conversion (State KAZ)"),
        ([Seizure("OPIUM", 2.5), OPIUM], "a new rule: rows are read as other codes (State KAZ)"),
        ([replace(HEROIN, quantity=3.0), OPIUM], "a new rule (State KAZ)"),
    ],
)  # fmt: skip
def test_a_rule_is_a_cause(tmp_path: Path, rows: list[Seizure | None], why: str) -> None:
    found = told(tmp_path, [FIRST], [replace(FIRST, rows=rows)])
    assert found
    assert {row[5] for row in found} == {why}


def test_that_two_states_tell_of_one_seizure_is_for_the_centre(tmp_path: Path) -> None:
    again = sent("again", "UZB", MONTH, HEROIN)
    double = replace(FIRST, rows=[Told("HEROIN", 2.5, counted="again:2"), HEROIN, OPIUM])
    before = replace(FIRST, rows=[HEROIN, HEROIN, OPIUM])
    nothing = sent("nothing", "UZB", MONTH)
    releases = {"2024-02-25": [before, nothing], "2024-03-25": [double, nothing, again]}
    newest = publish_each(tmp_path / "releases", releases)[-1]
    found = {audience: told_by(tmp_path, newest, audience) for audience in (PUBLIC, MEMBERS, CENTRE)}
    why = {
        audience: [row[5] for row in rows if row[:3] == ("KAZ", "HEROIN", "quantity_kg")]
        for audience, rows in found.items()
    }
    hidden = ["what another state reports of the same seizures"]
    assert why == {PUBLIC: hidden, MEMBERS: hidden, CENTRE: ["a later submission (State UZB): again.csv"]}


def test_a_corrected_month_is_found_however_old_it_is(tmp_path: Path) -> None:
    recent = [sent(f"of {month}", "UZB", date(2023, month, 1), OPIUM) for month in range(1, 13)]
    old, revised = replace(FIRST, month=OLD), replace(REVISED, month=OLD)
    assert told(tmp_path, [old, *recent], [old, revised, *recent])
    with opened(Release(2, tmp_path / "releases" / "2"), MEMBERS, Settings(home=tmp_path)) as source:
        assert {*read_corrections(source).months} == {OLD}


def test_a_damaged_release_keeps_no_correction_back(tmp_path: Path) -> None:
    one, two = publish_each(tmp_path / "releases", {"2024-02-25": [FIRST], "2024-03-25": [REVISED]})
    (one.path / "parquet" / "rpt_seizures_by_month.parquet").write_bytes(b"PAR1")
    with (
        opened(two, MEMBERS, Settings(home=tmp_path)) as source,
        pytest.raises(ReleaseError, match=r"^Release 1: parquet/rpt_seizures_by_month"),
    ):
        read_corrections(source)


def test_a_bulletin_has_a_page_of_a_corrected_month_that_nobody_reports_any_more_and_leaves_the_former_one(
    bulletin_of: Callable[[str], Path], golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    settings = golden.at(tmp_path)
    shutil.copytree(golden_release.path, settings.releases / "1")
    place = settings.bulletin / PUBLIC
    before = shutil.copytree(bulletin_of(PUBLIC), place / "1")
    former = {path.name: path.read_bytes() for path in before.glob("*.html")}
    kg, january = "quantity_kg_without_duplicates", "country_code = 'XAA' and month_date = '2024-01-01'"
    newest = revise(
        Release(1, settings.releases / "1"),
        "2024-07-01",
        [
            f"update rpt_seizures_by_month set {kg} = 13.5 where {january} and drug_code = 'OPIUM'",
            # Reported in the release before, and by nobody in this one.
            "update rpt_coverage_by_month set coverage = 'missing' where month_date = '2024-02-01'",
        ],
    )
    with opened(newest, PUBLIC, settings) as source:
        made = make_bulletin(source, settings.bulletin)
    assert made.is_new
    for month, expected in (("2024-01", "kg 12.5 13.5"), ("2024-02", "report Data Not reported")):
        page = (made.path / f"month-{month}_en.html").read_text(encoding="utf-8")
        assert expected in plain(page)
        assert f'<a href="../1/month-{month}_en.html">' in page
    assert "orrections" not in (made.path / "month-2024-05_en.html").read_text(encoding="utf-8")
    assert {path.name: path.read_bytes() for path in before.glob("*.html")} == former
    assert verify_folder(made.path).is_sound
    index = (place / "index_en.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(\d)/index_en\.html"', index) == ["2", "1"]
    assert "Corrected: January 2024 (Opium)." in index
