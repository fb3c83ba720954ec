"""The queries of the Power BI model, in M: each table is read from the server or from the Parquet files of the kit."""

from collections.abc import Iterator, Mapping

from warehouse.kits.powerbi.tables import YEAR_DATE, Field, Table

PARQUET, POSTGRESQL = "Parquet", "PostgreSQL"
# What a reader sets in Power BI: where tables come from, and where that is.
PARAMETERS: Mapping[str, str] = {
    "Source": f"{PARQUET} reads the files of this kit, {POSTGRESQL} the shared server",
    "Folder": "Folder of the files, which is parquet in this kit, with its whole path",
    "Server": "Address of the shared server",
    "Database": "Database on the shared server",
}
# The schema of the views on the current release.
_SCHEMA = "sarai"
_TYPES = {
    "BIGINT": "Int64.Type",
    "BOOLEAN": "type logical",
    "DATE": "type date",
    "DOUBLE": "type number",
    "INTEGER": "Int64.Type",
    "VARCHAR": "type text",
}


def parameter(name: str, *, is_public: bool) -> str:
    """Return the expression of a parameter, with the value that it has until somebody sets another."""
    values = {
        "Source": PARQUET,
        "Folder": "C:\\Sarai\\powerbi\\parquet",
        "Server": "server.example",
        "Database": "sarai_public" if is_public else "sarai",
    }
    chosen = f"List={{{_text(PARQUET)}, {_text(POSTGRESQL)}}}, " if name == "Source" else ""
    kind = f'[IsParameterQuery=true, {chosen}Type="Text", IsParameterQueryRequired=true]'
    return f"{_text(values[name])} meta {kind}"


def read_mart() -> list[str]:
    """Return the lines of the function that reads a mart by its name."""
    return [
        "(name as text) as table =>",
        f"    if Source = {_text(POSTGRESQL)} then",
        f"        PostgreSQL.Database(Server, Database){{[Schema = {_text(_SCHEMA)}, Item = name]}}[Data]",
        "    else",
        '        Parquet.Document(File.Contents(Folder & "\\" & name & ".parquet"))',
    ]


def table_query(table: Table) -> list[str]:
    """Return the lines of the query of a table of a mart: its rows, its columns, their types, one row for each key."""
    steps = dict(_steps(table))
    lines = [f"    {name} = {step}," for name, step in steps.items()]
    return ["let", *lines[:-1], lines[-1].rstrip(","), "in", f"    {[*steps][-1]}"]


def days_query(months: Mapping[str, str]) -> list[str]:
    """Return the lines of the query of the days: whole years of the months in these columns, by mart."""
    lists = ", ".join(f"Mart({_text(mart)})[{column}]" for mart, column in months.items())
    columns = "date_day = date, calendar_year = Int64.Type, quarter_number = Int64.Type, month_number = Int64.Type"
    parts = "{_, Date.Year(_), Date.QuarterOfYear(_), Date.Month(_), Date.StartOfMonth(_)}"
    return [
        "let",
        f"    Months = List.Transform(List.Combine({{{lists}}}), Date.From),",
        "    First = #date(Date.Year(List.Min(Months)), 1, 1),",
        "    Last = #date(Date.Year(List.Max(Months)), 12, 31),",
        "    Days = List.Dates(First, Duration.Days(Last - First) + 1, #duration(1, 0, 0, 0)),",
        f"    Columns = type table [{columns}, month_date = date],",
        f"    Rows = #table(Columns, List.Transform(Days, each {parts}))",
        "in",
        "    Rows",
    ]


def _steps(table: Table) -> Iterator[tuple[str, str]]:
    yield "Rows", f"Mart({_text(table.mart)})"
    last = "Rows"
    for number, (column, values) in enumerate(table.rows.items(), start=1):
        wanted = ", ".join(map(_value, values))
        yield f"Chosen{number}", f"Table.SelectRows({last}, each List.Contains({{{wanted}}}, [{column}]))"
        last = f"Chosen{number}"
    if table.field(YEAR_DATE):
        yield "Dated", f"Table.AddColumn({last}, {_text(YEAR_DATE)}, each #date([calendar_year], 1, 1))"
        last = "Dated"
    columns = ", ".join(_text(one.column) for one in table.fields)
    yield "Kept", f"Table.SelectColumns({last}, {{{columns}}})"
    last = "Kept"
    if table.key:
        yield "Single", f"Table.Distinct({last}, {{{_text(table.key)}}})"
        last = "Single"
    yield "Typed", f"Table.TransformColumnTypes({last}, {{{', '.join(map(_typed, table.fields))}}})"


def _typed(field: Field) -> str:
    return f"{{{_text(field.column)}, {_TYPES[field.data_type]}}}"


def _value(value: str | int) -> str:
    return str(value) if isinstance(value, int) else _text(value)


def _text(text: str) -> str:
    """Return a text of M: names of ours, in which nothing but quotation marks has to be escaped."""
    return '"' + text.replace('"', '""') + '"'
