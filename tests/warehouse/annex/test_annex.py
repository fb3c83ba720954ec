"""The statistical annex: headings as UNODC has them, figures of the golden release, and nothing that is not public."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from warehouse.annex.sheets import SHEETS
from warehouse.annex.workbook import write_annex
from warehouse.releases.catalogue import Release
from warehouse.releases.errors import ReleaseError

SEIZURES = [
    "Region", "Country", "DrugGroup", "DrugName", "Reference year", "Kilograms", "Iso3_code", "Source", "Footnote",
]  # fmt: skip
PRICES = [
    "Country/Territory", "DrugGroup", "Drug", "LevelOfSale", "Typical_USD", "Minimum_USD", "Maximum_USD", "Unit",
    "Year",
]  # fmt: skip
FOR_MEMBERS = {sheet.name for sheet in SHEETS if sheet.edition == "members"}


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    _, headings, *rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_the_annex_holds_public_figures_in_the_layout_of_unodc(golden_release: Release, tmp_path: Path) -> None:
    path = tmp_path / "annex.xlsx"
    names = write_annex(path, golden_release, 2024, for_members=False)
    assert load_workbook(path).sheetnames == names == ["About", *(s.name for s in SHEETS if s.edition == "public")]
    seizures = rows_of(path, "Seizures")
    assert [list(seizures[0]), list(rows_of(path, "Prices in USD")[0])] == [SEIZURES, PRICES]
    (heroin,) = [row for row in seizures if (row["Iso3_code"], row["DrugName"]) == ("XAB", "Heroin")]
    assert heroin == dict(zip(SEIZURES, [
        "Asia", "Boronia", "Opioids", "Heroin", 2024, 168.5275, "XAB", "cases submitted by the state",
        "4 of 12 months reported; rows held back by errors: 1; 164.493 kg are questioned",
    ], strict=True))  # fmt: skip
    (opium,) = [r for r in rows_of(path, "A06 seizures") if (r["Country"], r["Drug"]) == ("Aradia", "Opium")]
    assert (opium["Number of seizures"], opium["Kilograms"], opium["Litres"]) == (3, 14.05, None)
    (total,) = [r for r in rows_of(path, "National totals") if (r["Iso3_code"], r["Class"]) == ("XAA", "Heroin")]
    assert (total["Kilograms published"], total["Kilograms of cases"]) == (8, 7.8625)
    assert [row for row in rows_of(path, "A10") if row["Persons"] is None and row["Note"] is None] == []


def test_the_same_release_gives_the_same_bytes(golden_release: Release, tmp_path: Path) -> None:
    for name in "ab":
        write_annex(tmp_path / name, golden_release, None, for_members=False)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_members_see_more_and_are_told_so(golden_release: Release, tmp_path: Path) -> None:
    names = write_annex(tmp_path / "annex.xlsx", golden_release, 2024, for_members=True)
    assert {*names} == {"About", *(sheet.name for sheet in SHEETS)} > FOR_MEMBERS
    assert "not for publication" in str(load_workbook(tmp_path / "annex.xlsx")["About"]["A1"].value)
    trafficking = rows_of(tmp_path / "annex.xlsx", "A06 trafficking")
    assert min(row["Rank"] for row in trafficking) == 1
    assert {row["Question"] for row in trafficking} <= {
        "agencies", "detection_methods", "hiding_places", "installations", "routings", "transport_modes",
    }  # fmt: skip


def test_what_the_annex_cannot_have_is_said(golden_release: Release, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"has nothing of 1999\. Ask for another year"):
        write_annex(tmp_path / "annex.xlsx", golden_release, 1999, for_members=False)
    with pytest.raises(ReleaseError, match=r"has no public edition\. Run `sarai publish`"):
        write_annex(tmp_path / "annex.xlsx", Release(7, tmp_path), 2024, for_members=False)
