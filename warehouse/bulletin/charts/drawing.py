"""From a Vega-Lite specification to SVG that stands in a page."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from warehouse.bulletin.charts.style import CONFIG, FONT
from warehouse.questionnaire.language import Language

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

_VERSION = "6.4"  # of Vega-Lite, one of those that vl-convert brings
_LOCALES: Mapping[Language, Literal["en-GB", "ru-RU"]] = {"en": "en-GB", "ru": "ru-RU"}
# What says nothing: roles of single marks, as the picture is described as a whole, in English alone; moves by nothing;
# what is so anyway. And what shows nothing: paths without colour. It is half of a chart of many panels.
_IDLE = re.compile(
    r' (?:(?:role|aria-\w+|pointer-events|font-family)="[^"]*"|opacity="1"|transform="translate\(0,0\)")'
)
_BLANK = re.compile(r'<path class="(?:background|foreground)" d="[^"]*"(?: display="none")?/>')
_PARTS = re.compile(r"\d+\.\d{2,}")  # of a pixel, in a path
_LONGEST, _END = 100, 30  # characters of a text in a chart; a longer one keeps so many of its end
_AS_IS = {"calculate", "expr", "filter", "geometry", "labelExpr", "test"}  # what is no text that is shown
_FONT_LIST = "FONTCONFIG_FILE"  # where vl-convert looks up which folders of the machine hold fonts


@dataclass(frozen=True)
class Drawing:
    """A chart before it is drawn: its specification by Vega-Lite, and in a sentence what one sees.

    Without a specification the sentence stands alone, beside a table that shows enough.
    """

    spec: Mapping[str, Any]
    message: str


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a frame as Vega-Lite reads them: days as ISO 8601, null where nothing is known."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso", date_unit="s"))
    return rows


def svg(drawing: Drawing, language: Language, name: str) -> "Markup":
    """Return a chart as SVG that asks the network for nothing; ``name`` sets its ids apart from others of the page."""
    import vl_convert
    from markupsafe import Markup, escape

    _measure_with_brought_fonts()
    text: str = vl_convert.vegalite_to_svg(
        {"$schema": f"https://vega.github.io/schema/vega-lite/v{_VERSION[0]}.json", **_with_short_texts(drawing.spec)},
        vl_version=_VERSION,
        config=CONFIG,
        allowed_base_urls=[],
        format_locale=_LOCALES[language],
        time_format_locale=_LOCALES[language],
    )
    text = re.sub(r' d="[^"]*"', lambda found: _PARTS.sub(_tenth, found[0]), _BLANK.sub("", _IDLE.sub("", text)))
    text = re.sub(r'(\bid="|url\(#)', rf"\g<1>{name}-", text)
    described = f'<svg role="img" aria-label="{escape(drawing.message)}" font-family="{escape(FONT)}"'
    return Markup(text.replace("<svg", described, 1))  # noqa: S704 - made by vl-convert, which escapes its texts


def _tenth(found: re.Match[str]) -> str:
    """Return a length to a tenth of a pixel, which makes a map half as large."""
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _with_short_texts(part: Any) -> Any:
    """Return a part of a specification with names shortened in their middle, the same wherever they stand.

    Vega tries one length after another until a name fits, which takes minutes for one of a page. The table under the
    chart has all of it.
    """
    if isinstance(part, str) and len(part) > _LONGEST:
        return f"{part[: _LONGEST - _END]}…{part[-_END:]}"
    if isinstance(part, Mapping):
        return {key: value if key in _AS_IS else _with_short_texts(value) for key, value in part.items()}
    return [_with_short_texts(one) for one in part] if isinstance(part, list) else part


@cache
def _measure_with_brought_fonts() -> None:
    """Let vl-convert measure texts with the font that it brings alone, which it holds in memory.

    It opens the file of an installed font again for every letter, which is most of the time of a chart, and widths
    would differ from machine to machine.
    """
    import vl_convert

    own = os.environ.get(_FONT_LIST)
    os.environ[_FONT_LIST] = str(Path(__file__).with_name("fonts.conf"))
    try:
        vl_convert.register_font_directory("/nonexistent")  # it lists fonts once, before it registers any
    finally:
        if own is None:
            del os.environ[_FONT_LIST]
        else:
            os.environ[_FONT_LIST] = own
