"""Charts: texts measured alike on every machine and never for minutes, and an axis where all is zero."""

import os

import pandas as pd
import pytest

from warehouse.bulletin.charts import drawing
from warehouse.bulletin.charts.counts import counts
from warehouse.bulletin.charts.drawing import Drawing, svg
from warehouse.bulletin.charts.months import panels
from warehouse.bulletin.charts.usual import usual_panels
from warehouse.bulletin.charts.years import WHOLE, year_panels


def labelled(font: str) -> str:
    """Return a chart with a name in a font beside its bar."""
    axis = {"labelFont": font, "labelLimit": 0}
    encoding = {"y": {"field": "label", "type": "nominal", "axis": axis}}
    spec = {"data": {"values": [{"label": "Bishkek, Бишкек"}]}, "mark": "bar", "encoding": encoding}
    return svg(Drawing(spec, "what one sees"), "en", "m")


def test_fonts_of_the_machine_do_not_change_a_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    drawing._measure_with_brought_fonts.cache_clear()
    assert labelled("DejaVu Sans") == labelled("no font of any machine")
    assert labelled("Liberation Sans") != labelled("no font of any machine")
    assert os.environ["FONTCONFIG_FILE"] == "/etc/fonts/fonts.conf"


def test_long_names_are_cut_in_their_middle_wherever_they_stand() -> None:
    names = [f"Office {'of the committee ' * 30}No. {number}" for number in (1, 2)]
    frame = pd.DataFrame({"label": names, "panel": names[0], "value": [3, 5], "text": ["three", "five"]})
    drawn = svg(Drawing(counts(frame.assign(colour="#332288", is_open=False)), "what one sees"), "en", "m")
    assert "of the committee of the committee of the committee of the committee of" not in drawn
    assert drawn.count("No. 1<") == 1
    assert ">three<" in drawn
    assert ">five<" in drawn


def test_months_and_years_of_nothing_but_zeros_have_an_axis() -> None:
    days = ["2024-01-01", "2024-02-01"]
    months = pd.DataFrame({"month_date": days, "panel": "Opium", "value": [0.0, 0.0], "is_whole": True})
    usual = months.assign(lowest=float("nan"), highest=float("nan"), sign="")
    years = pd.DataFrame({"calendar_year": [2023, 2024], "panel": "Opium", "value": [0.0, 0.0], "known": WHOLE})
    for spec in (
        panels(months, "panel", "value", {"Opium": "#8a5a00"}),
        usual_panels(usual, {"Opium": "#8a5a00"}),
        year_panels(years, "Opium", "#8a5a00"),
    ):
        drawn = svg(Drawing(spec, "what one sees"), "en", "m")
        assert ">1.0<" in drawn or ">1<" in drawn
