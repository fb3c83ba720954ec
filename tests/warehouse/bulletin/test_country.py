"""Profiles of states: who has which, and shares of persons from which nothing withheld comes back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from warehouse.bulletin.bulletin import make_bulletin
from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.country.drawings import draw_map, draw_persons, draw_signals
from warehouse.bulletin.country.page import definition_of
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.periods import Periods
from warehouse.kits.errors import KitError
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, audiences_of, opened
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

pytestmark = pytest.mark.server

STATE = "XAA"  # one that has reported in the golden release


def states_of(folder: Path) -> set[str]:
    return {path.name[8:11] for path in folder.glob("country-???_en.html")}


def test_members_and_the_centre_have_all_profiles_a_state_its_own_and_the_public_none(
    bulletin_of: Callable[[str], Path], golden_release: Release, golden: Settings
) -> None:
    states = {*audiences_of(golden_release, golden)} - {PUBLIC, MEMBERS, CENTRE}
    profiles = {audience: states_of(bulletin_of(audience)) for audience in (PUBLIC, MEMBERS, CENTRE, STATE)}
    assert profiles == {PUBLIC: set(), MEMBERS: states, CENTRE: states, STATE: {STATE}}


def test_a_month_asked_for_in_the_bulletin_of_a_state_is_refused_rather_than_left_out(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    with opened(golden_release, STATE, golden) as source:
        for asked in (Periods(months=(date(2024, 1, 1),)), Periods(years=(2024,))):
            with pytest.raises(KitError, match="Leave out --month and --year"):
                make_bulletin(source, tmp_path, asked=asked)
    assert not [*tmp_path.rglob("*.html")]


def test_what_a_state_alone_sees_of_itself_stands_in_its_own_edition_and_not_in_that_of_members(
    bulletin_of: Callable[[str], Path],
) -> None:
    own, members = (
        (bulletin_of(one) / f"country-{STATE}_en.html").read_text(encoding="utf-8") for one in (STATE, MEMBERS)
    )
    for figure in ("signals", "cases", "quality"):
        assert f'id="figure-{figure}"' in own
        assert f'id="figure-{figure}"' not in members
    assert 'id="figure-months"' in members
    assert not [*bulletin_of(STATE).glob("month-*")]


def persons(counts: dict[str, int | None], total: int | None) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "calendar_year": 2023,
            "contact_stage_code": "SUSPECTED",
            "characteristic_name": "sex",
            "characteristic_code": code,
            "persons_count": count,
            "is_suppressed": count is None,
            "all_count": total,
        }
        for code, count in counts.items()
    ]
    return pd.DataFrame(rows).astype({"persons_count": "Int64", "all_count": "Int64"})


def drawn(frame: pd.DataFrame) -> Drawing | None:
    edition = Edition(None, "en", {}, (), frozenset())  # type: ignore[arg-type]  # only its words are asked for
    return draw_persons(definition_of("persons").columns, edition, frame)


def test_a_withheld_count_is_a_segment_of_its_own_and_moves_no_other_share() -> None:
    drawing = drawn(persons({"F": None, "M": 80, "UNKNOWN": None}, 100))
    assert drawing
    shares = {row["part"]: row["pct"] for row in drawing.spec["data"]["values"]}
    assert shares == {"Men, adults, own citizens": 80, "Not shown": 20}
    assert drawing.message == "Shares of women are not shown: too few persons."


def test_without_the_number_of_all_persons_nothing_is_drawn() -> None:
    assert drawn(persons({"F": None, "M": 80}, None)) is None


WORDS = Edition(None, "en", {}, (), frozenset())  # type: ignore[arg-type]  # only its words are asked for


@pytest.mark.parametrize(
    ("signals", "told"),
    [
        (["UNKNOWN", "NOT_JUDGED"], "No month could be judged."),
        (["USUAL", "UNKNOWN"], "No month was unusual. Could be judged: 1 of 2."),
        (["USUAL", "USUAL"], "No month was unusual."),
    ],
)
def test_no_month_is_called_usual_that_could_not_be_judged(signals: list[str], told: str) -> None:
    frame = pd.DataFrame({"signal_code": signals, "drug_code": "HEROIN", "reported_value": 0.0, "is_whole": True})
    months = pd.to_datetime(["2024-01-01", "2024-02-01"])
    drawing = draw_signals(WORDS, frame.assign(month_date=months, lowest_usual_value=0.0, highest_usual_value=1.0))
    assert drawing.message == told


def test_the_places_named_are_those_of_the_most_seizures_drawn_or_not_and_are_places() -> None:
    rows = [
        ("subdivisions", "PLACE_NOT_RESOLVED", 13, None),
        ("subdivisions", "KZ-31", 11, None),
        ("border_points", "NOT_ANSWERED", 57, None),
        ("border_points", "KZ-MERKE", 47, None),
        ("border_points", "KZ-KORDAI", 38, 75.0),
    ]
    frame = pd.DataFrame(rows, columns=["list_name", "code", "seizures_count", "longitude"]).assign(latitude=43.0)
    drawing = draw_map("KAZ", WORDS, frame)
    assert drawing
    assert drawing.message == (
        "Provinces with the most seizures: KZ-31 (11). Crossings with the most seizures: KZ-MERKE (47), KZ-KORDAI (38)."
    )
