"""The golden submissions as a test needs them: an inbox, and codelists where their invented countries are members."""

import csv
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

GOLDEN = Path(__file__).parents[1] / "golden"
SUBMISSIONS = GOLDEN / "submissions"
COUNTRIES = tuple(
    (*names, "", "true", "true", "", "", "invented for the tests; a code that ISO 3166-1 leaves free")
    for names in (("XAA", "Aradia", "Арадия", "XA"), ("XAB", "Boronia", "Борония", "XB"))
)


# Published totals of the invented countries: beside cases and beside none, revised, of a class of drugs, and rounded.
NATIONAL_TOTALS = """\
country_code,drug_code,year,edition_code,row_number,drug_name,drug_group_name,seized_kg,is_total,rounded_to_kg,source
XAA,ECSTASY_UNSPEC,2024,DATAUNODC,1,Ecstasy-type substances,ATS,0.03,false,0,invented for the tests
XAA,HEROIN,2024,DATAUNODC,1,Heroin,Opioids,9.5,false,0,invented for the tests
XAA,HEROIN,2024,WDR_2025,1,Heroin,Opioids,8,false,1,invented for the tests
XAA,LSD,2024,DATAUNODC,1,LSD,Hallucinogens,0.1,false,0,invented for the tests
XAB,HEROIN,2023,DATAUNODC,1,Heroin,Opioids,5,false,0,invented for the tests
XAB,OPIUM,2024,DATAUNODC,1,Opium,Opioids,20,false,0,invented for the tests
XAB,OPIUM,2024,DATAUNODC,2,Opium,Opioids,10,false,0,invented for the tests
"""


def write_inbox(inbox: Path) -> list[Path]:
    """Write the golden submissions into an inbox; returns their paths, each country's in the order of their names."""
    paths = []
    for source in sorted(SUBMISSIONS.glob("*/*")):
        target = inbox / source.parent.name / source.name.removesuffix(".json" if ".xlsx" in source.name else "")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".xlsx":
            _workbook(json.loads(source.read_text(encoding="utf-8"))).save(target)
        else:
            shutil.copyfile(source, target)
        paths.append(target)
    return paths


def add_countries(seeds: Path) -> None:
    """Add the invented countries to a copy of the codelists: a row in countries.csv, and their published totals."""
    (seeds / "reference" / "national_totals.csv").write_text(NATIONAL_TOTALS, encoding="utf-8")
    with (seeds / "codelists" / "countries.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(COUNTRIES)


def add_member(seeds: Path, code: str) -> None:
    """Let a country report, in a copy of the codelists: by its row in countries.csv, and nothing else."""
    countries = seeds / "codelists" / "countries.csv"
    with countries.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = (row for row in rows if row["code"] == code)
    row["is_member"] = "true"
    with countries.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row.keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _workbook(sheets: list[dict[str, Any]]) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for part in sheets:
        sheet = book.create_sheet(part["sheet"])
        for row in part["rows"]:
            sheet.append([datetime.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell for cell in row])
        for merged in part["merged"]:
            sheet.merge_cells(merged)
    return book
