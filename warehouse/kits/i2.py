"""The i2 kit: charts for Analyst's Notebook (ANX), the network as CSV with stable headings, and as GEXF for Gephi.

ANX is written by a library that follows its published schema; no chart was ever opened in Analyst's Notebook itself.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from warehouse.kits.i2_network import ENTITY_COLUMNS, LINK_COLUMNS, Network, charts, open_network, read_chart
from warehouse.kits.labels import caption
from warehouse.kits.source import Source
from warehouse.questionnaire.language import LANGUAGES, Language, in_language
from warehouse.releases.formats import disarmed
from warehouse.storage.sql import literal
from warehouse.words.catalogue import N_, fill, translate
from warehouse.words.pages import page_template

if TYPE_CHECKING:
    from anxwritter import ANXChart

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999")
_TIMED = "12:00:00"  # the day is known and not the hour
_PRESUMED = N_("Presumed")
_TEXTS = {"entity_id", "label_en", "label_ru", "record_id", "from_id", "to_id"}
# What an entity tells of itself on a chart → the column whose caption names it.
_ATTRIBUTES = {
    "country_code": "country_code", "drug_code": "drug_code", "kilograms": "quantity_kg", "record_id": "record_id",
    "latitude": "latitude", "longitude": "longitude",
}  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class _Words:
    """The words of a chart in the language of its reader: of kinds, of presumed links and of attributes."""

    language: Language
    kinds: Mapping[str, str]
    presumed: str
    attributes: Mapping[str, str]


def write(source: Source, folder: Path) -> None:
    """Write the charts in both languages, the tables of the network, and a page that says how to import them."""
    network = open_network(source)
    if network is None:
        return
    _write_table(source, folder / "entities.csv", network.linked_entities(), [*ENTITY_COLUMNS], "entity_id")
    links_of_all = (part.query() for part in network.links)
    _write_table(source, folder / "links.csv", links_of_all, [*LINK_COLUMNS], "from_id, to_id, label_en")
    written = [*charts(network)]
    for chart in written:
        entities, links = read_chart(network, chart)
        _write_gexf(folder / f"{chart.name}.gexf", source, entities, links)
        for language in LANGUAGES:
            _write_anx(folder / f"{chart.name}_{language}.anx", network, (entities, links), _words(network, language))
    for language in LANGUAGES:
        template = page_template(Path(__file__).with_name("i2.html.j2"), language)
        page = template.render(charts=written, number=source.release.number, language=language)
        (folder / f"read_me_{language}.html").write_text(page, encoding="utf-8")


def _write_table(source: Source, path: Path, parts: Iterable[str], columns: Sequence[str], order: str) -> None:
    """Write rows of queries, one after the other and each in an order of its own, as CSV.

    All of them in one order would be sorted at once: of a million seizures more than two gigabytes.
    """
    shown = ", ".join(f"{disarmed(name)} as {name}" if name in _TEXTS else name for name in columns)
    part = path.with_suffix(".part")
    with path.open("wb") as whole:
        for number, query in enumerate(parts):
            source.execute(
                f"copy (select {shown} from ({query}) order by {order}) to {literal(str(part))} "
                f"(format csv, header {str(number == 0).lower()})"
            )
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, whole)
            part.unlink()


def _words(network: Network, language: Language) -> _Words:
    return _Words(
        language,
        {part.kind.en: in_language(part.kind, language) for part in (*network.entities, *network.links)},
        translate(_PRESUMED, language),
        {name: caption(column, language) for name, column in _ATTRIBUTES.items()},
    )


def _write_anx(path: Path, network: Network, drawn: tuple[Sequence[Row], Sequence[Row]], words: _Words) -> None:
    from anxwritter import ANXChart, DotStyle

    entities, links = drawn
    chart: ANXChart = ANXChart()
    for part in network.entities:
        chart.add_entity_type(name=words.kinds[part.kind.en], icon_file=part.icon)
    for kind in sorted({link["link_type"] for link in links}):
        chart.add_link_type(name=words.kinds[kind])
    chart.add_strength(name=words.presumed, dot_style=DotStyle.DOTTED)
    countries = sorted({one["country_code"] for one in entities if one["country_code"]})
    colours = {code: _COLOURS[number % len(_COLOURS)] for number, code in enumerate(countries)}
    for one in entities:
        is_seizure = one["entity_id"].startswith("seizure:")
        _add_entity(chart, one, words, {"color": colours[one["country_code"]]} if is_seizure else {})
    presumed = {part.kind.en for part in network.links if part.presumed}
    for link in links:
        _add_link(chart, link, words, is_presumed=link["link_type"] in presumed)
    chart.to_anx(path)


def _add_entity(chart: "ANXChart", one: Row, words: _Words, painted: Mapping[str, str]) -> None:
    chart.add_icon(
        id=one["entity_id"],
        type=words.kinds[one["entity_type"]],
        label=one[f"label_{words.language}"],
        attributes={shown: one[name] for name, shown in words.attributes.items() if one[name] is not None},
        **_timed(one),
        **painted,
    )


def _add_link(chart: "ANXChart", link: Row, words: _Words, *, is_presumed: bool) -> None:
    kind = words.kinds[link["link_type"]]
    score = fill("{score:.2f}", {"score": link["score"]}, words.language) if is_presumed else ""
    chart.add_link(
        from_id=link["from_id"],
        to_id=link["to_id"],
        type=kind,
        label=score or link[f"label_{words.language}"] or kind,
        **({"strength": words.presumed} if is_presumed else {"arrow": "->"}),
        **_timed(link),
    )


def _timed(one: Row) -> dict[str, str]:
    return {"date": one["event_date"].isoformat(), "time": _TIMED} if one["event_date"] else {}


def _write_gexf(path: Path, source: Source, entities: Sequence[Row], links: Sequence[Row]) -> None:
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
