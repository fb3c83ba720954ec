"""Obligations: who answers what by when, and which lists of them are refused."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.reporting.obligations import (
    EVERY_TABLE,
    ObligationError,
    load_obligations,
    months_between,
    obligations_of,
)
from warehouse.storage.settings import Settings

HEADINGS = "country_code,table_name,periodicity,due_day,reminder_days,valid_from,valid_to,agency_code,language,source"


def write(folder: Path, *rows: str) -> Path:
    (folder / "reference").mkdir(exist_ok=True)
    (folder / "reference" / "reporting_obligations.csv").write_text(
        "\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8"
    )
    return folder


def test_every_member_state_has_an_obligation_to_an_office_that_is_known() -> None:
    codelists = Settings().codelists
    obligations = load_obligations(codelists)
    assert {o.country_code for o in obligations if o.table_name == EVERY_TABLE} == set(member_states(codelists))
    assert {o.table_name for o in obligations} <= {EVERY_TABLE, *(t.name for t in load_questionnaire().tables)}
    agencies = load_codelist(codelists, "agencies").entries
    assert all(agencies[o.agency_code or ""]["country_code"] == o.country_code for o in obligations)
    assert all(o.source.startswith(("assumption", "http")) for o in obligations)


@pytest.mark.parametrize(
    ("due_day", "month", "due"),
    [
        (15, date(2024, 5, 1), date(2024, 6, 15)),
        (31, date(2024, 1, 1), date(2024, 2, 29)),
        (31, date(2023, 1, 1), date(2023, 2, 28)),
        (1, date(2024, 12, 1), date(2025, 1, 1)),
    ],
)
def test_the_due_day_lies_in_the_month_after(tmp_path: Path, due_day: int, month: date, due: date) -> None:
    (obligation,) = load_obligations(write(tmp_path, f"KAZ,*,M,{due_day},5,2020-01-01,,KZ-MVD,ru,assumption"))
    assert obligation.due_date(month) == due


def test_a_row_of_a_table_goes_before_that_of_all_tables(tmp_path: Path) -> None:
    obligations = load_obligations(write(
        tmp_path,
        "KAZ,*,M,15,5,2024-01-01,2024-06-30,KZ-MVD,ru,assumption",
        "KAZ,prices,M,25,5,2024-03-01,,KZ-KGD,en,assumption",
        "KAZ,*,M,10,5,2024-07-01,,KZ-MVD,ru,assumption",
    ))  # fmt: skip

    def due_days(country: str, month: date) -> dict[str, int]:
        return {t: o.due_day for t, o in obligations_of(obligations, country, month, ["seizures", "prices"]).items()}

    assert due_days("KAZ", date(2023, 12, 1)) == {}
    assert due_days("KAZ", date(2024, 2, 1)) == {"seizures": 15, "prices": 15}
    assert due_days("KAZ", date(2024, 6, 1)) == {"seizures": 15, "prices": 25}
    assert due_days("KAZ", date(2024, 7, 1)) == {"seizures": 10, "prices": 25}
    assert due_days("UZB", date(2024, 7, 1)) == {}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("KAZ,*,W,15,5,2024-01-01,,KZ-MVD,ru,x", "row 2: periodicity: Input should be 'M'"),
        ("KAZ,*,M,0,5,2024-01-01,,KZ-MVD,ru,x", "due_day: Input should be greater than or equal to 1"),
        ("KAZ,*,M,15,5,January,,KZ-MVD,ru,x", "valid_from"),
        ("KAZ,*,M,15,5,2024-01-01,,KZ-MVD,kk,x", "language"),
        ("KAZ,*,M,15,5,2024-01-01,,,ru,x", "agency_code"),
        ("*,*,M,15,5,2024-01-01,,KZ-MVD,ru,x", "agency_code"),
    ],
)
def test_a_row_that_cannot_be_is_named(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(ObligationError, match=words):
        load_obligations(write(tmp_path, row))


def test_a_new_member_state_has_the_obligations_of_every_member(tmp_path: Path) -> None:
    for name in ("codelists/countries.csv", "spellings/countries_spellings.csv"):
        (tmp_path / name).parent.mkdir()
        shutil.copyfile(Settings().codelists / name, tmp_path / name)
    countries = tmp_path / "codelists" / "countries.csv"
    rows = countries.read_text(encoding="utf-8")
    countries.write_text(rows.replace("GEO,Georgia,Грузия,GE,268,false", "GEO,Georgia,Грузия,GE,268,true"), "utf-8")
    obligations = load_obligations(write(
        tmp_path, "KAZ,*,M,15,5,2024-01-01,,KZ-MVD,ru,assumption", "*,*,M,20,5,2026-01-01,,,en,assumption"
    ))  # fmt: skip
    due = {o.country_code: (o.due_day, o.agency_code) for o in obligations}
    assert due == {"KAZ": (15, "KZ-MVD")} | dict.fromkeys(["GEO", "KGZ", "TJK", "TKM", "UZB"], (20, None))


def test_two_that_hold_at_the_same_time_are_refused(tmp_path: Path) -> None:
    first, second = "KAZ,*,M,15,5,2024-01-01,{},KZ-MVD,ru,x", "KAZ,*,M,10,5,2024-07-01,,KZ-MVD,ru,x"
    assert len(load_obligations(write(tmp_path, first.format("2024-06-30"), second))) == 2
    for end in ("", "2024-07-01"):
        with pytest.raises(ObligationError, match="KAZ has two obligations for"):
            load_obligations(write(tmp_path, first.format(end), second))


def test_months() -> None:
    assert months_between(date(2023, 11, 20), date(2024, 1, 1)) == [
        date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1),
    ]  # fmt: skip
    assert months_between(date(2024, 2, 1), date(2024, 1, 1)) == []
