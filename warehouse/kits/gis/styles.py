"""How the layers of the GIS kit are drawn: rules by the figures of a release, for QGIS (QML) and as SLD 1.0.

Classes are round numbers of seizures; the scale of colours is one of ColorBrewer that colour-blind readers tell apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from warehouse.kits.gis.layers import Layer
from warehouse.kits.source import Source
from warehouse.questionnaire.language import Language, in_language
from warehouse.storage.sql import identifier
from warehouse.words.catalogue import N_, fill, translate

Kind = Literal["fill", "line", "marker"]
COUNT = "seizures_count"
_SCALE = ("#fef0d9", "#fdcc8a", "#fc8d59", "#e34a33", "#b30000")
_ROUTE, _CROSSING, _LAND, _BORDER = "#6a3d9a", "#08519c", "#ebebeb", "#4d4d4d"
_SEIZED = "#d95f02"
_ROUND = tuple(step * 10**power for power in range(7) for step in (1, 2, 5))
_FAR_M = 5000
_FROM_TO, _FROM = N_("{low} to {high}"), N_("{low} or more")
_NONE_SHOWN, _NOT_REPORTED = N_("none shown"), N_("year not reported")
_PLACED = {"CROSSING": N_("at a crossing"), "PROVINCE": N_("in a province, drawn in its middle")}
_FAR = N_("point may be off by over {km} km")
_BY_YEAR = N_("{title}: seizures in {year}")


@dataclass(frozen=True)
class Condition:
    """What a column must be: at least ``low`` and below ``high``, or ``equal``; or empty if it is ``absent``."""

    column: str
    low: int | None = None
    high: int | None = None
    equal: str | None = None
    absent: bool = False
    also: "Condition | None" = None

    @property
    def expression(self) -> str:
        """The condition as QGIS writes it."""
        column = identifier(self.column)
        parts = [f"{column} IS NULL"] if self.absent else []
        parts += [f"{column} = '{self.equal}'"] if self.equal is not None else []
        parts += [f"{column} >= {self.low}"] if self.low is not None else []
        parts += [f"{column} < {self.high}"] if self.high is not None else []
        parts += [self.also.expression] if self.also else []
        return " AND ".join(parts)


@dataclass(frozen=True)
class Rule:
    """A row of the legend and what is drawn for it; sizes and widths in millimetres."""

    title: str
    condition: Condition | None
    colour: str
    stroke: str = _BORDER
    stroke_width: float = 0.2
    size: float = 2.0
    opacity: float = 1.0
    is_hollow: bool = False


@dataclass(frozen=True)
class Style:
    """How a layer is drawn in a language: its title in the legend, the rules, and by which column it is labelled."""

    layer: Layer
    name: str
    title: str
    kind: Kind
    rules: Sequence[Rule]
    label: str = ""
    label_size: float = 8.0
    label_scale: int = 0
    is_shown: bool = True
    day: str = ""


def classes(source: Source, layer: Layer, most: int) -> list[tuple[int, int | None]]:
    """Return at most so many classes of the number of seizures, from one up, each from round number to round number."""
    found = source.execute(f"select max({COUNT}) from {layer.table}").fetchone()
    largest = found[0] if found and found[0] else 1
    edges = sorted({1, *[one for one in _ROUND if one <= largest][1 - most :]})
    return list(zip(edges, [*edges[1:], None], strict=True))


def styles_of(source: Source, layer: Layer, year: int, language: Language) -> list[Style]:
    """Return how a layer is drawn, from the ground up; member states twice, as figures and as borders."""
    title = fill(_BY_YEAR, {"title": in_language(layer.title, language), "year": str(year)}, language)
    plain = in_language(layer.title, language)
    match layer.name:
        case "surroundings":
            rules = [Rule(plain, None, _LAND, "#bdbdbd")]
            return [Style(layer, layer.name, plain, "fill", rules, f"country_name_{language}", 9)]
        case "countries":
            borders = [Rule(plain, None, "#ffffff", "#252525", 0.5, is_hollow=True)]
            name = f"country_name_{language}"
            return [
                Style(layer, layer.name, title, "fill", _shades(source, layer, language), is_shown=source.is_public),
                Style(layer, "borders", plain, "fill", borders, name, 11),
            ]
        case "provinces":
            shades = _shades(source, layer, language)
            return [Style(layer, layer.name, title, "fill", shades, f"subdivision_name_{language}", 7, 6_000_000)]
        case "routes":
            rules = [
                Rule(_range(one, language), Condition(COUNT, *one), _ROUTE, stroke_width=0.5 + 0.6 * place, opacity=0.7)
                for place, one in enumerate(classes(source, layer, 4))
            ]
            return [Style(layer, layer.name, title, "line", rules)]
        case "crossings":
            rules = _circles(source, layer, language)
            return [Style(layer, layer.name, title, "marker", rules, f"border_point_name_{language}", 7, 3_000_000)]
        case "seizures":
            return [Style(layer, layer.name, plain, "marker", _places(language), is_shown=False, day="seizure_date")]
    return []


def _range(bounds: tuple[int, int | None], language: Language) -> str:
    low, high = bounds
    if high is None:
        return fill(_FROM, {"low": low}, language)
    return str(low) if high == low + 1 else fill(_FROM_TO, {"low": low, "high": high - 1}, language)


def _shades(source: Source, layer: Layer, language: Language) -> list[Rule]:
    found = classes(source, layer, len(_SCALE))
    months = "reported_months_count"
    reported, silent = (Condition(COUNT, absent=True, also=Condition(months, *one)) for one in ((1, None), (None, 1)))
    return [
        Rule(translate(_NOT_REPORTED, language), silent, "#d0d0d0", "#737373"),
        Rule(translate(_NONE_SHOWN, language), reported, "#ffffff", "#737373"),
        *(
            Rule(_range(one, language), Condition(COUNT, *one), colour, "#737373")
            for one, colour in zip(found, _SCALE, strict=False)
        ),
    ]


def _circles(source: Source, layer: Layer, language: Language) -> list[Rule]:
    circles = [
        Rule(_range(one, language), Condition(COUNT, *one), _CROSSING, "#ffffff", size=2.4 + 1.2 * place, opacity=0.85)
        for place, one in enumerate(classes(source, layer, 4))
    ]
    none = Rule(translate(_NONE_SHOWN, language), Condition(COUNT, absent=True), "#ffffff", _CROSSING, size=1.4)
    far = fill(_FAR, {"km": _FAR_M // 1000}, language)
    return [none, *circles, Rule(far, Condition("precision_m", low=_FAR_M + 1), "#ffffff", _CROSSING, size=1.1)]


def _places(language: Language) -> list[Rule]:
    return [
        Rule(
            translate(text, language),
            Condition("placed_by", equal=code),
            "#ffffff" if code == "PROVINCE" else _SEIZED,
            _SEIZED,
            opacity=0.6,
        )
        for code, text in _PLACED.items()
    ]
