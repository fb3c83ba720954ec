"""The semantic model of the Power BI kit as TMDL: tables, measures, relations, and captions in two languages."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.kits.powerbi.measures import Measure, model_expression
from warehouse.kits.powerbi.queries import PARAMETERS, days_query, parameter, read_mart, table_query
from warehouse.kits.powerbi.tables import DATES, Field, Table
from warehouse.questionnaire.language import Language, in_language

_OWN = uuid.uuid5(uuid.NAMESPACE_URL, "sarai/kits/powerbi")
_LEVEL = 1600
_CULTURES: dict[Language, str] = {"en": "en-US", "ru": "ru-RU"}
_TYPES = {
    "BIGINT": "int64",
    "BOOLEAN": "boolean",
    "DATE": "dateTime",
    "DOUBLE": "double",
    "INTEGER": "int64",
    "VARCHAR": "string",
}
# Columns with a month or a date in it; a year has no separator of thousands.
_FORMATS = {"DATE": "yyyy-mm-dd", "BIGINT": "0", "INTEGER": "0", "DOUBLE": "#,##0.###"}
_MONTHS = ("month_date", "reporting_month")
# Where the first and the last year of the days are taken from; late rows may count before the first report.
_MONTHS_OF = {"rpt_coverage_by_month": "month_date", "rpt_seizures_by_month": "month_date"}


@dataclass(frozen=True)
class Model:
    """What a model holds: tables, and the measures that can be made of them."""

    tables: Sequence[Table]
    measures: Sequence[Measure]
    is_public: bool


def tag(*names: str) -> str:
    """Return the lineage tag of something by its names: the same in each release."""
    return str(uuid.uuid5(_OWN, "/".join(names)))


def write_model(model: Model, folder: Path) -> None:
    """Write the definition of a model into a folder: a file for each table and culture, and those of the whole."""
    files = {
        "database.tmdl": [f"database {tag('database')}", f"\tcompatibilityLevel: {_LEVEL}"],
        "model.tmdl": _model_lines(model),
        "expressions.tmdl": _expression_lines(model),
        "relationships.tmdl": _relationship_lines(model),
        **{f"tables/{one.name.en}.tmdl": _table_lines(model, one) for one in model.tables},
        **{f"cultures/{culture}.tmdl": _culture_lines(model, language) for language, culture in _CULTURES.items()},
    }
    for name, lines in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def quoted(name: str) -> str:
    """Return a name of TMDL, in quotation marks where it needs them."""
    return name if name.replace("_", "").isalnum() else "'" + name.replace("'", "''") + "'"


def _model_lines(model: Model) -> list[str]:
    return [
        "model Model",
        f"\tculture: {_CULTURES['en']}",
        "\tdefaultPowerBIDataSourceVersion: powerBI_V3",
        "\tdiscourageImplicitMeasures",
        f"\tsourceQueryCulture: {_CULTURES['en']}",
        "",
        "annotation __PBI_TimeIntelligenceEnabled = 0",
        "",
        *(f"ref table {quoted(table.name.en)}" for table in model.tables),
        "",
        *(f"ref cultureInfo {culture}" for culture in _CULTURES.values()),
    ]


def _expression_lines(model: Model) -> list[str]:
    lines: list[str] = []
    for name, text in PARAMETERS.items():
        value = parameter(name, is_public=model.is_public)
        lines += [f"/// {text}", f"expression {name} = {value}", f"\tlineageTag: {tag('expression', name)}", ""]
        lines += ["\tannotation PBI_ResultType = Text", ""]
    lines += ["/// A mart as the source holds it", "expression Mart =", *(f"\t\t{line}" for line in read_mart())]
    return [*lines, f"\tlineageTag: {tag('expression', 'Mart')}", "", "\tannotation PBI_ResultType = Function"]


def _relationship_lines(model: Model) -> list[str]:
    lines: list[str] = []
    keys = {table.name.en: table.key for table in model.tables}
    for table in model.tables:
        for column, dimension in table.links.items():
            if table.field(column):
                key = _field(model, dimension, keys[dimension])
                lines += [
                    f"relationship {tag('relationship', table.name.en, column)}",
                    f"\tfromColumn: {quoted(table.name.en)}.{column}",
                    f"\ttoColumn: {quoted(dimension)}.{quoted(key.name)}",
                    "",
                ]
    return lines[:-1]


def _field(model: Model, table: str, column: str) -> Field:
    return next(field for one in model.tables if one.name.en == table for field in one.fields if field.column == column)


def _table_lines(model: Model, table: Table) -> list[str]:
    name = table.name.en
    lines = [f"/// {table.description}", f"table {quoted(name)}", f"\tlineageTag: {tag('table', name)}"]
    if name == DATES:
        lines.append("\tdataCategory: Time")
    for measure in model.measures:
        if measure.table == name:
            lines += ["", *(f"\t{line}" for line in _measure_lines(model, measure))]
    for field in table.fields:
        lines += ["", *(f"\t{line}" for line in _column_lines(table, field))]
    there = {one.mart for one in model.tables}
    query = days_query({m: c for m, c in _MONTHS_OF.items() if m in there}) if name == DATES else table_query(table)
    return [
        *lines,
        "",
        f"\tpartition {quoted(name)} = m",
        "\t\tmode: import",
        "\t\tsource =",
        *(f"\t\t\t\t{line}" for line in query),
    ]


def _measure_lines(model: Model, measure: Measure) -> Iterator[str]:
    yield f"/// {measure.text.en}"
    expression = model_expression(measure, model.tables).strip().splitlines()
    if len(expression) == 1:
        yield f"measure {quoted(measure.name.en)} = {expression[0]}"
    else:
        yield f"measure {quoted(measure.name.en)} ="
        yield from (f"\t\t{line}".rstrip() for line in expression)
    yield f"\tformatString: {measure.format}"
    yield f"\tdisplayFolder: {measure.folder.en}"
    yield f"\tlineageTag: {tag('measure', measure.name.en)}"


def _column_lines(table: Table, field: Field) -> Iterator[str]:
    if field.description:
        yield f"/// {field.description}"
    yield f"column {quoted(field.name)}"
    yield f"\tdataType: {_TYPES[field.data_type]}"
    if field.caption is None:
        yield "\tisHidden"
    if field.column == table.key:
        yield "\tisKey"
    if form := "yyyy-mm" if field.column in _MONTHS else _FORMATS.get(field.data_type):
        yield f"\tformatString: {form}"
    yield f"\tlineageTag: {tag('column', table.name.en, field.column)}"
    yield "\tsummarizeBy: none"
    yield f"\tsourceColumn: {field.column}"
    yield ""
    yield "\tannotation SummarizationSetBy = User"


def _culture_lines(model: Model, language: Language) -> list[str]:
    lines = [f"cultureInfo {_CULTURES[language]}", "", "\ttranslations", "\t\tmodel Model"]
    for table in model.tables:
        lines += ["", f"\t\t\ttable {quoted(table.name.en)}", f"\t\t\t\tcaption: {in_language(table.name, language)}"]
        for measure in model.measures:
            if measure.table == table.name.en:
                lines += [
                    "",
                    f"\t\t\t\tmeasure {quoted(measure.name.en)}",
                    f"\t\t\t\t\tcaption: {in_language(measure.name, language)}",
                    f"\t\t\t\t\tdescription: {in_language(measure.text, language)}",
                    f"\t\t\t\t\tdisplayFolder: {in_language(measure.folder, language)}",
                ]
        for field in table.fields:
            if field.caption:
                lines += [
                    "",
                    f"\t\t\t\tcolumn {quoted(field.name)}",
                    f"\t\t\t\t\tcaption: {in_language(field.caption, language)}",
                ]
    return lines
