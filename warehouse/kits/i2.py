"""The i2 kit: charts for Analyst's Notebook (ANX), the network as CSV with stable headings, and as GEXF for Gephi.

ANX is written by a library that follows its published schema; no chart was ever opened in Analyst's Notebook itself.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from warehouse.kits.i2_network import (
    ACTIVITY,
    COUNTRY,
    CROSSING,
    DRUG,
    ENTITIES,
    LINKS,
    SAME_EVENT,
    SEIZURE,
    charts,
    create_network,
    read_chart,
)
from warehouse.kits.source import Source
from warehouse.questionnaire.language import LANGUAGES, Language
from warehouse.releases.formats import disarmed
from warehouse.storage.sql import literal
from warehouse.words.pages import page_template

if TYPE_CHECKING:
    from anxwritter import ANXChart

# Names of icons that Analyst's Notebook brings.
_ICONS = {SEIZURE: "Evidence", DRUG: "Drugs", CROSSING: "Checkpoint", COUNTRY: "Flag", ACTIVITY: "Meeting"}
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999")
_TIMED = "12:00:00"  # the day is known and not the hour
_CSV = {
    ENTITIES: ("entity_id", "entity_type", "label_en", "label_ru", "event_date", "country_code", "drug_code",
               "kilograms", "record_id", "latitude", "longitude"),
    LINKS: ("from_id", "to_id", "link_type", "label_en", "label_ru", "event_date", "score"),
}  # fmt: skip
_TEXTS = {"entity_id", "label_en", "label_ru", "record_id", "from_id", "to_id"}


def write(source: Source, folder: Path) -> None:
    """Write the charts in both languages, the tables of the network, and a page that says how to import them."""
    if not create_network(source):
        return
    for table, columns in _CSV.items():
        shown = ", ".join(f"{disarmed(name)} as {name}" if name in _TEXTS else name for name in columns)
        path = folder / f"{table.removeprefix('i2_')}.csv"
        source.execute(
            f"copy (select {shown} from {table} order by all) to {literal(str(path))} (format csv, header true)"
        )
    written = [*charts(source)]
    for chart in written:
        entities, links = read_chart(source, chart)
        _write_gexf(folder / f"{chart.name}.gexf", source, entities, links)
        for language in LANGUAGES:
            _write_anx(folder / f"{chart.name}_{language}.anx", entities, links, language)
    for language in LANGUAGES:
        template = page_template(Path(__file__).with_name("i2.html.j2"), language)
        page = template.render(charts=written, number=source.release.number, language=language)
        (folder / f"read_me_{language}.html").write_text(page, encoding="utf-8")


def _write_anx(
    path: Path, entities: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]], language: Language
) -> None:
    from anxwritter import ANXChart, DotStyle

    chart: ANXChart = ANXChart()
    for name, icon in _ICONS.items():
        chart.add_entity_type(name=name, icon_file=icon)
    for name in sorted({link["link_type"] for link in links}):
        chart.add_link_type(name=name)
    chart.add_strength(name="Possible", dot_style=DotStyle.DOTTED)
    countries = sorted({one["country_code"] for one in entities if one["country_code"]})
    colours = {code: _COLOURS[number % len(_COLOURS)] for number, code in enumerate(countries)}
    for one in entities:
        _add_entity(chart, one, language, colours.get(one["country_code"]))
    for link in links:
        _add_link(chart, link, language)
    chart.to_anx(path)


def _add_entity(chart: "ANXChart", one: dict[str, Any], language: Language, colour: str | None) -> None:
    names = ("country_code", "drug_code", "kilograms", "record_id", "latitude", "longitude")
    attributes = {name: one[name] for name in names if one[name] is not None}
    timed = {"date": one["event_date"].isoformat(), "time": _TIMED} if one["event_date"] else {}
    painted = {"color": colour} if colour and one["entity_type"] == SEIZURE else {}
    label = one[f"label_{language}"]
    chart.add_icon(id=one["entity_id"], type=one["entity_type"], label=label, attributes=attributes, **timed, **painted)


def _add_link(chart: "ANXChart", link: dict[str, Any], language: Language) -> None:
    timed = {"date": link["event_date"].isoformat(), "time": _TIMED} if link["event_date"] else {}
    is_presumed = link["link_type"] == SAME_EVENT
    label = f"{link['score']:.2f}" if is_presumed else link[f"label_{language}"] or link["link_type"]
    chart.add_link(
        from_id=link["from_id"],
        to_id=link["to_id"],
        type=link["link_type"],
        label=label,
        **({"strength": "Possible"} if is_presumed else {"arrow": "->"}),
        **timed,
    )


def _write_gexf(
    path: Path, source: Source, entities: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]]
) -> None:
    """Write the network of a chart as GEXF, dated as its release: the same release gives the same bytes."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    for one in entities:
        known = {name: _plain(value) for name, value in one.items() if value is not None and name != "entity_id"}
        graph.add_node(one["entity_id"], **known, label=one["label_en"])
    for link in links:
        ends = {"from_id", "to_id"}
        known = {name: _plain(value) for name, value in link.items() if value is not None and name not in ends}
        graph.add_edge(link["from_id"], link["to_id"], **known)
    root = ET.fromstring("\n".join(nx.generate_gexf(graph)))  # noqa: S314 - we have just made it
    namespace = root.tag.removesuffix("gexf")
    ET.register_namespace("", namespace.strip("{}"))
    for meta in root.iter(f"{namespace}meta"):
        meta.set("lastmodifieddate", str(source.package["created"])[:10])
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _plain(value: Any) -> str | float:
    return value if isinstance(value, float) else str(value)
