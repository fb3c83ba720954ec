"""The Power BI kit: a project in text form whose model reads the Parquet files beside it, or the shared server."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warehouse.kits.powerbi.measures import seen_measures
from warehouse.kits.powerbi.model import Model, tag, write_model
from warehouse.kits.powerbi.report import SCHEMAS, Report
from warehouse.kits.powerbi.tables import Table, seen_tables
from warehouse.kits.source import CENTRE, PUBLIC, Source
from warehouse.questionnaire.language import LANGUAGES
from warehouse.storage.sql import identifier, literal

MODEL = "sarai.SemanticModel"


def write(source: Source, folder: Path) -> None:
    """Write the project, and a Parquet file for each mart that its model reads, of what the audience sees."""
    tables = seen_tables(source)
    measures = seen_measures(tables, sees_all_rows=source.audience in {PUBLIC, CENTRE})
    model = Model(tables, [*measures.values()], source.is_public)
    write_model(model, folder / MODEL / "definition")
    write_json(
        folder / MODEL / "definition.pbism",
        {"$schema": f"{SCHEMAS}/item/semanticModel/definitionProperties/1.0.0/schema.json", "version": "4.2"},
    )
    write_platform(folder / MODEL, "SemanticModel", "Sarai")
    filled = {"release": str(source.release.number), "day": str(source.package["created"])[:10]}
    for language in LANGUAGES:
        write_report(Report(language, tables, measures, filled), folder)
    _write_marts(source, tables, folder / "parquet")


def write_report(report: Report, folder: Path) -> None:
    """Write a report on the model, and the file that opens it."""
    name = f"sarai_{report.language}"
    place = folder / f"{name}.Report"
    for path, content in report.parts():
        write_json(place / "definition" / path, content)
    write_json(
        place / "definition.pbir",
        {
            "$schema": f"{SCHEMAS}/item/report/definitionProperties/2.0.0/schema.json",
            "version": "4.0",
            "datasetReference": {"byPath": {"path": f"../{MODEL}"}},
        },
    )
    write_platform(place, "Report", name)
    write_json(
        folder / f"{name}.pbip",
        {
            "$schema": f"{SCHEMAS}/pbip/pbipProperties/1.0.0/schema.json",
            "version": "1.0",
            "artifacts": [{"report": {"path": place.name}}],
            "settings": {"enableAutoRecovery": True},
        },
    )


def write_platform(folder: Path, kind: str, name: str) -> None:
    """Write what says of a folder of the project which item it is."""
    platform = {
        "$schema": f"{SCHEMAS}/gitIntegration/platformProperties/2.0.0/schema.json",
        "metadata": {"type": kind, "displayName": name},
        "config": {"version": "2.0", "logicalId": tag("item", folder.name)},
    }
    write_json(folder / ".platform", platform)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a part of the project, in the layout that Power BI gives it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def _write_marts(source: Source, tables: Sequence[Table], folder: Path) -> None:
    """Write the columns that the model reads of each mart, in key order, in the compression that Power BI reads."""
    folder.mkdir()
    columns: dict[str, dict[str, None]] = {}
    for table in tables:
        if table.mart:
            columns.setdefault(table.mart, {}).update(dict.fromkeys(table.mart_columns))
    for mart, names in columns.items():
        query = f"select {', '.join(map(identifier, names))} from {identifier(mart)} as mart {source.marts[mart].order}"
        path = literal(str(folder / f"{mart}.parquet"))
        source.execute(f"copy ({query}) to {path} (format parquet, compression snappy)").fetchall()
