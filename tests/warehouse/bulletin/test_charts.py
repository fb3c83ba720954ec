"""Charts: their texts are measured alike on every machine."""

import os

import pytest

from warehouse.bulletin.charts import drawing
from warehouse.bulletin.charts.drawing import Drawing, svg


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
