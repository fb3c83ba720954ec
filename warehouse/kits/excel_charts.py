"""The charts of the Excel kit: what the region has seized of the drugs that weigh most, by year and state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.forms import style
from warehouse.kits.excel_layout import set_landscape
from warehouse.kits.source import Source
from warehouse.questionnaire.language import Language
from warehouse.storage.sql import literal
from warehouse.words.catalogue import N_, fill, translate

if TYPE_CHECKING:
    import pandas as pd

_CHARTS, _DATA = N_("Charts"), N_("Chart data")
_TITLE = N_("{drug}, kg by state and year, without presumed doubles")
_CAVEAT = N_("* Not every month of the year is reported by every state: a low column may be a missing report.")
# Safe for colour-blind readers and in print: the palette of Okabe and Ito, jfly.uni-koeln.de/color.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
_DRUGS = 4
_ACROSS, _ROWS_EACH, _COLUMNS_EACH = 2, 18, 10
_WIDTH, _HEIGHT = 620, 330

_LARGEST = f"""
    select drug_code, any_value(drug_name_{{language}}) as drug
    from rpt_region_by_year join dim_drugs using (drug_code)
    where quantity_kg_without_duplicates > 0
    group by drug_code order by sum(quantity_kg_without_duplicates) desc, drug_code limit {_DRUGS}"""
_SUMS = """
    select drug_code, calendar_year, country_name_{language} as country, quantity_kg_without_duplicates as kg
    from rpt_seizures_by_year join dim_countries using (country_code)
    where drug_code in ({drugs}) order by all"""
# Of a year how far it is reported does not depend on the drug.
_YEARS = """
    select calendar_year, calendar_year || if(min(reported_months_count) < max(expected_months_count), '*', '')
    from rpt_region_by_year where calendar_year between {first} and {last}
    group by calendar_year order by calendar_year"""


@dataclass(frozen=True)
class Drawn:
    """A chart: its title, its figures, and their first row.

    Figures have a row a year and a column a state, the same in all charts, and are empty where not known.
    """

    title: str
    years: "pd.DataFrame"
    first: int

    @property
    def end(self) -> int:
        """The first row below the figures and an empty one."""
        return self.first + len(self.years) + 3


def add_charts(workbook: style.Workbook, styles: style.Styles, source: Source, language: Language) -> list[Drawn]:
    """Add a sheet of charts, a drug each, and return them; their figures are for a sheet of their own."""
    drawn: list[Drawn] = []
    for drug, years in _figures(source, language):
        drawn.append(Drawn(fill(_TITLE, {"drug": drug}, language), years, drawn[-1].end if drawn else 0))
    if drawn:
        sheet = workbook.add_worksheet(translate(_CHARTS, language))
        sheet.hide_gridlines(2)
        set_landscape(sheet)
        style.write_text(sheet, 0, 0, translate(_CAVEAT, language), styles(style.NOTE))
        for number, one in enumerate(drawn):
            down, across = divmod(number, _ACROSS)
            chart = _chart(workbook, one, translate(_DATA, language))
            sheet.insert_chart(2 + _ROWS_EACH * down, _COLUMNS_EACH * across, chart)
    return drawn


def add_chart_figures(
    workbook: style.Workbook, styles: style.Styles, drawn: Sequence[Drawn], language: Language
) -> None:
    """Add the sheet of figures that the charts draw: for each a title, a row of states, and a row for each year."""
    if not drawn:
        return
    sheet = workbook.add_worksheet(translate(_DATA, language))
    sheet.set_column(1, len(drawn[0].years.columns), 14)
    for one in drawn:
        style.write_text(sheet, one.first, 0, one.title, styles(style.SUBTITLE))
        for column, country in enumerate(one.years.columns, start=1):
            style.write_text(sheet, one.first + 1, column, country, styles({"bold": True}))
        for row, (year, sums) in enumerate(one.years.iterrows(), start=one.first + 2):
            style.write_text(sheet, row, 0, str(year), styles({}))
            for column, kg in enumerate(sums, start=1):
                if kg == kg:  # noqa: PLR0124 - not a number: not known, so that the cell is empty and the chart has a gap
                    sheet.write_number(row, column, kg, styles({"num_format": "#,##0.###"}))


def _figures(source: Source, language: Language) -> "Iterator[tuple[str, pd.DataFrame]]":
    """Yield the name of each drug and its figures: all drugs have the same years and the same states."""
    drugs = dict(source.execute(_LARGEST.format(language=language)).fetchall())
    if not drugs:
        return
    sums = source.frame(_SUMS.format(language=language, drugs=", ".join(map(literal, drugs))))
    first, last = sums["calendar_year"].min(), sums["calendar_year"].max()
    labels = dict(source.execute(_YEARS.format(first=first, last=last)).fetchall())
    states = sorted(sums["country"].unique())
    for code, drug in drugs.items():
        of_drug = sums[sums["drug_code"] == code]
        years = of_drug.pivot_table(index="calendar_year", columns="country", values="kg", aggfunc="sum", min_count=1)
        yield drug, years.reindex(index=[*labels], columns=states).rename(index=labels)


def _chart(workbook: style.Workbook, drawn: Drawn, sheet: str) -> style.Worksheet:
    chart = workbook.add_chart({"type": "column", "subtype": "stacked"})
    rows = (drawn.first + 2, drawn.first + 1 + len(drawn.years))
    for column in range(1, len(drawn.years.columns) + 1):
        chart.add_series({
            "name": [sheet, drawn.first + 1, column],
            "categories": [sheet, rows[0], 0, rows[1], 0],
            "values": [sheet, rows[0], column, rows[1], column],
            "fill": {"color": COLOURS[(column - 1) % len(COLOURS)]},
            "gap": 60,
        })  # fmt: skip
    chart.set_title({"name": drawn.title, "name_font": {"size": 11, "bold": True}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart
