"""The reports of the Power BI kit in PBIR: one for each language, on the same model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.kits.powerbi.measures import Measure
from warehouse.kits.powerbi.model import tag
from warehouse.kits.powerbi.pages import TEXT_BOX, Page, Visual, caveats, defined_pages
from warehouse.kits.powerbi.tables import Table
from warehouse.questionnaire.language import Language, in_language

SCHEMAS = "https://developer.microsoft.com/json-schemas/fabric"
_DEFINITION = f"{SCHEMAS}/item/report/definition"
_WIDTH, _HEIGHT = 1280, 850
_THEME = {"name": "CY24SU10", "reportVersionAtImport": {"visual": "1.8.95", "report": "2.0.95", "page": "1.3.95"}}
_HEADING = "heading"


@dataclass(frozen=True)
class Shown:
    """A field of a visual: in which table of the model, whether it is a measure, its name there and its caption."""

    table: str
    name: str
    caption: str
    is_measure: bool

    def projection(self) -> dict[str, Any]:
        """Return the field as a visual asks for it."""
        kind = "Measure" if self.is_measure else "Column"
        field = {kind: {"Expression": {"SourceRef": {"Entity": self.table}}, "Property": self.name}}
        reference = {"queryRef": f"{self.table}.{self.name}", "nativeQueryRef": self.name}
        return {"field": field, **reference, "displayName": self.caption}


@dataclass(frozen=True)
class Report:
    """A report: its language, the tables and measures of its model, and what its texts are filled with."""

    language: Language
    tables: Sequence[Table]
    measures: Mapping[str, Measure]
    filled: Mapping[str, str]

    def parts(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the parts of the definition: the path of each inside of it, and its content."""
        yield "version.json", {"$schema": f"{_DEFINITION}/versionMetadata/1.0.0/schema.json", "version": "2.0.0"}
        yield "report.json", _report()
        pages = [(page, visuals) for page in defined_pages() if (visuals := [*self._visuals(page)])]
        names = [page.name for page, _ in pages]
        yield (
            "pages/pages.json",
            {
                "$schema": f"{_DEFINITION}/pagesMetadata/1.0.0/schema.json",
                "pageOrder": names,
                "activePageName": names[0],
            },
        )
        for page, visuals in pages:
            yield (
                f"pages/{page.name}/page.json",
                {
                    "$schema": f"{_DEFINITION}/page/2.0.0/schema.json",
                    "name": page.name,
                    "displayName": in_language(page.title, self.language),
                    "displayOption": "FitToWidth",
                    "height": _HEIGHT,
                    "width": _WIDTH,
                },
            )
            for visual in visuals:
                yield f"pages/{page.name}/visuals/{visual['name']}/visual.json", visual

    def find(self, name: str) -> Shown | None:
        """Return the field that a page names; None for one that the model does not have."""
        if "." not in name:
            measure = self.measures.get(name)
            caption = in_language(measure.name, self.language) if measure else ""
            return Shown(measure.table, measure.name.en, caption, is_measure=True) if measure else None
        table, _, column = name.rpartition(".")
        for one in self.tables:
            for field in one.fields:
                is_named = field.concept == column and field.language == self.language
                if one.name.en == table and field.caption and (is_named or field.column == column):
                    return Shown(table, field.name, in_language(field.caption, self.language), is_measure=False)
        return None

    def _visuals(self, page: Page) -> Iterator[dict[str, Any]]:
        """Yield the visuals of a page that show anything, in the order of the keyboard; none if only texts would."""
        found = [(one, self._fields(one)) for one in page.visuals]
        has_figures = any(field.is_measure for _, fields in found for group in fields.values() for field in group)
        for number, (one, fields) in enumerate(found if has_figures else ()):
            if one.kind == TEXT_BOX:
                yield self._container(page, number, one, {"visualType": one.kind, "objects": self._paragraphs(one)})
            elif fields:
                yield self._container(page, number, one, self._chart(one, fields))

    def _fields(self, visual: Visual) -> dict[str, list[Shown]]:
        """Return role → the fields that are there; nothing where a role would be empty, or nothing is counted."""
        found = {role: [one for name in names if (one := self.find(name))] for role, names in visual.fields.items()}
        fields = [one for group in found.values() for one in group]
        is_whole = all(found.values()) and (visual.kind == "slicer" or any(one.is_measure for one in fields))
        return found if is_whole else {}

    def _container(self, page: Page, number: int, visual: Visual, content: Mapping[str, Any]) -> dict[str, Any]:
        x, y, width, height = visual.place
        title = in_language(visual.title, self.language) if visual.title else ""
        shown = {"show": _literal("true"), "text": _literal(_quoted(title))} if title else {"show": _literal("false")}
        return {
            "$schema": f"{_DEFINITION}/visualContainer/2.0.0/schema.json",
            "name": tag("visual", page.name, str(number))[:20],
            "position": {"x": x, "y": y, "z": number, "height": height, "width": width, "tabOrder": number},
            "visual": {
                **content,
                "visualContainerObjects": {"title": [{"properties": shown}]},
                "drillFilterOtherVisuals": True,
            },
        }

    def _chart(self, visual: Visual, fields: Mapping[str, Sequence[Shown]]) -> dict[str, Any]:
        state = {role: {"projections": [one.projection() for one in group]} for role, group in fields.items()}
        chart: dict[str, Any] = {"visualType": visual.kind, "query": {"queryState": state}}
        if visual.kind in _WITHOUT_TOTALS:
            chart["objects"] = _WITHOUT_TOTALS[visual.kind]
        return chart

    def _paragraphs(self, visual: Visual) -> dict[str, Any]:
        text = in_language(caveats()[visual.text], self.language).format_map(self.filled)
        run = {"value": text, "textStyle": {"fontSize": "12pt" if visual.text == _HEADING else "9pt"}}
        return {"general": [{"properties": {"paragraphs": [{"textRuns": [run]}]}}]}


def _report() -> dict[str, Any]:
    return {
        "$schema": f"{_DEFINITION}/report/3.0.0/schema.json",
        "themeCollection": {"baseTheme": {**_THEME, "type": "SharedResources"}},
        "settings": {"useStylableVisualContainerHeader": True},
    }


def _literal(value: str) -> dict[str, Any]:
    return {"expr": {"Literal": {"Value": value}}}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Figures of several drugs or states are not added in a last row.
_WITHOUT_TOTALS: Mapping[str, Any] = {
    "tableEx": {"total": [{"properties": {"totals": _literal("false")}}]},
    "pivotTable": {
        "subTotals": [{"properties": {"rowSubtotals": _literal("false"), "columnSubtotals": _literal("false")}}]
    },
}
