"""The Excel kit: its figures are those of the marts, in both languages, and what nobody may see stands in no cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook

from warehouse.kits import excel
from warehouse.kits.excel_sheets import excel_sheets
from warehouse.kits.labels import LABELS, captions
from warehouse.kits.powerbi.tables import captioned as powerbi_captions
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

FIRST_ROW = 4


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    headings, *rows = load_workbook(path)[sheet].iter_rows(min_row=FIRST_ROW, values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_a_figure_of_the_workbook_is_that_of_the_mart(
    golden_release: Release, golden: Settings, kit_of: Callable[[str, str], Path]
) -> None:
    folder = kit_of("excel", MEMBERS)
    english = table(folder / "sarai_en.xlsx", "Seizures by month")
    russian = table(folder / "sarai_ru.xlsx", "Изъятия по месяцам")
    with opened(golden_release, MEMBERS, golden) as source:
        wanted = source.frame(
            "select country_code, month_date, drug_code, seizures_count, quantity_kg_without_duplicates, "
            "held_back_count from rpt_seizures_by_month order by all"
        )
    columns = [
        "ISO code of the country", "Month", "Code of the drug", "Seizures", "Bulk mass without presumed doubles, kg",
        "Rows held back by errors",
    ]  # fmt: skip
    shown = pd.DataFrame(english)[columns].set_axis(wanted.columns, axis="columns")
    pd.testing.assert_frame_equal(shown, wanted, check_dtype=False)  # Excel keeps 15 digits
    heroin = next(row for row in russian if row["Код наркотика"] == "HEROIN")
    assert (heroin["Наркотик"], heroin["Группа наркотиков"]) == ("Героин", "Опиоиды")


def test_each_audience_gets_the_sheets_that_it_may_see(kit_of: Callable[[str, str], Path]) -> None:
    names = {
        audience: set(load_workbook(kit_of("excel", audience) / "sarai_en.xlsx").sheetnames)
        for audience in (PUBLIC, MEMBERS, CENTRE)
    }
    assert names[CENTRE] - names[MEMBERS] == {"Records"}
    assert names[MEMBERS] - names[PUBLIC] == {"Provinces", "Crossings"}
    assert {"About", "Charts", "Chart data", "Prices", "National totals"} <= names[PUBLIC]


def test_a_workbook_for_a_state_holds_no_record_of_another(
    golden_release: Release, golden: Settings, kit_of: Callable[[str, str], Path]
) -> None:
    folder = kit_of("excel", "XAA")
    records = table(folder / "sarai_en.xlsx", "Records")
    with opened(golden_release, CENTRE, golden) as source:
        ids = source.execute("select seizure_id, country_code from fct_seizures").fetchall()
    own = {one for one, country in ids if country == "XAA"}
    assert {row["Seizure"] for row in records} == own
    assert own < {one for one, _ in ids}


def test_the_same_release_gives_the_same_bytes(
    golden_release: Release, golden: Settings, kit_of: Callable[[str, str], Path], tmp_path: Path
) -> None:
    with opened(golden_release, CENTRE, golden) as source:
        excel.write(source, tmp_path)
    first = kit_of("excel", CENTRE)
    assert len(list(tmp_path.iterdir())) > 1
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (first / path.name).read_bytes()


def test_every_column_has_a_caption() -> None:
    used = {column for sheet in excel_sheets() for column in sheet.columns}
    assert used >= LABELS.keys()
    assert used | powerbi_captions() <= captions().keys()
