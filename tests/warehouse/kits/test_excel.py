"""The Excel kit: its figures are those of the marts, in both languages, and what nobody may see stands in no cell."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml
from openpyxl import load_workbook

from warehouse.forms import style
from warehouse.kits import excel
from warehouse.kits.excel_charts import add_chart_figures, add_charts
from warehouse.kits.excel_sheets import ExcelSheet, excel_sheets
from warehouse.kits.labels import LABELS, captions
from warehouse.kits.powerbi.tables import captioned as powerbi_captions
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

FIRST_ROW = 4
PROJECT = Path(__file__).parents[3] / "dbt_project"


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


MARTS = """
create table dim_drugs as select 'HEROIN' as drug_code, 'Heroin' as drug_name_en union all select 'OPIUM', 'Opium';
create table dim_countries as
select 'KAZ' as country_code, 'Kazakhstan' as country_name_en union all select 'UZB', 'Uzbekistan';
create table rpt_seizures_by_year as select * from (values
    ('UZB', 2019, 'OPIUM', 5.0), ('UZB', 2021, 'OPIUM', null),
    ('KAZ', 2021, 'HEROIN', 9.0), ('KAZ', 2022, 'HEROIN', 0.0)
) as rows (country_code, calendar_year, drug_code, quantity_kg_without_duplicates);
create table rpt_region_by_year as select drug_code, calendar_year, quantity_kg_without_duplicates,
    if(calendar_year = 2019, 12, 24) as reported_months_count, 24 as expected_months_count
from rpt_seizures_by_year union all select 'OPIUM', 2020, null, 24, 24;
"""


def test_charts_of_all_drugs_have_the_same_years_and_states_and_gaps_where_nothing_is_known(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    with opened(golden_release, PUBLIC, golden) as source, duckdb.connect() as made:
        made.execute(MARTS)
        workbook = style.new_workbook(tmp_path / "charts.xlsx")
        styles = style.Styles(workbook)
        drawn = add_charts(workbook, styles, replace(source, connection=made), "en")
        add_chart_figures(workbook, styles, drawn, "en")
        workbook.close()
    assert [one.title.partition(",")[0] for one in drawn] == ["Heroin", "Opium"]
    heroin, opium = (one.years.astype(object).where(one.years.notna(), None) for one in drawn)
    assert [*heroin.columns] == [*opium.columns] == ["Kazakhstan", "Uzbekistan"]
    assert [*heroin.itertuples(name=None)] == [
        ("2019*", None, None), ("2020", None, None), ("2021", 9.0, None), ("2022", 0.0, None),
    ]  # fmt: skip
    assert [*opium.itertuples(name=None)] == [
        ("2019*", None, 5.0), ("2020", None, None), ("2021", None, None), ("2022", None, None),
    ]  # fmt: skip


def width(sheet: Any, column: int) -> float:
    """Return the width of a column; neighbours of one width are written once."""
    [found] = [one.width for one in sheet.column_dimensions.values() if one.min <= column <= one.max]
    return float(found)


def test_no_word_of_a_heading_is_broken_and_a_note_is_read_whole(kit_of: Callable[[str, str], Path]) -> None:
    workbook = load_workbook(kit_of("excel", CENTRE) / "sarai_ru.xlsx")
    for one in excel_sheets():
        sheet = workbook[one.name.ru]
        for cell in sheet[FIRST_ROW]:
            longest = max(len(word) for word in str(cell.value).split())
            assert width(sheet, cell.column) > longest + 2, cell.value
        [note] = [area for area in sheet.merged_cells.ranges if area.min_row == 2]
        across = sum(width(sheet, column) for column in range(1, note.max_col + 1))
        assert sheet["A2"].alignment.wrap_text
        assert (sheet.row_dimensions[2].height or 15) / 13 >= len(one.note.ru) / across
    about = workbook["О данных"]
    assert width(about, 1) > max(len(str(cell.value or "")) for cell in about["A"][1:])


@pytest.mark.parametrize("sheet", excel_sheets(), ids=lambda sheet: sheet.mart)
def test_of_each_mart_a_sheet_shows_every_column_or_says_why_not(sheet: ExcelSheet) -> None:
    [contract] = PROJECT.glob(f"models/marts/*/{sheet.mart}.yml")
    [model] = yaml.safe_load(contract.read_text("utf-8"))["models"]
    labelled = {LABELS[name].code for name in sheet.columns if name in LABELS}
    shown = {name for name in sheet.columns if name not in LABELS}
    left_out = [name for names in sheet.left_out.values() for name in names]
    assert not (shown | labelled) & {*left_out}
    assert sorted({*shown, *labelled, *left_out}) == sorted(column["name"] for column in model["columns"])


def test_every_column_has_a_caption() -> None:
    used = {column for sheet in excel_sheets() for column in sheet.columns}
    assert used >= LABELS.keys()
    assert used | powerbi_captions() <= captions().keys()
