"""An edition of a release with invented rows of five states in every mart, made from the contracts alone."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse.serving.serve import Edition
from warehouse.storage.settings import REPOSITORY
from warehouse.storage.sql import identifier, literal

MEMBERS = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
# For each state a row of one case that two reports tell, and one of many; each has one presumed double, of 1 kg.
COUNTS = (2, 40)
_COUNTED = "_without_duplicates"


@cache
def contracts() -> Mapping[str, Mapping[str, Any]]:
    """Return mart → its contract, as the yml of its model says."""
    files = sorted((REPOSITORY / "dbt_project" / "models" / "marts").rglob("*.yml"))
    read = [yaml.safe_load(path.read_text("utf-8")) for path in files]
    return {model["name"]: model for contents in read for model in contents.get("models", ())}


def make_edition(folder: Path, number: int, address: str, *, times: int = 1, names: tuple[str, ...] = ()) -> Edition:
    """Write an edition with these marts, or all; amounts are multiplied by ``times``, so that editions differ."""
    folder.mkdir(parents=True)
    database = folder / "marts.duckdb"
    with duckdb.connect(database) as connection:
        for name, contract in contracts().items():
            if not names or name in names or name == "dim_countries":
                for statement in _statements(name, contract, times):
                    connection.execute(statement)
    (folder / "datapackage.json").write_text(f'{{"number": {number}, "times": {times}}}', encoding="utf-8")
    return Edition(number, folder, database, address, is_public=False)


def _statements(name: str, contract: Mapping[str, Any], times: int) -> Iterator[str]:
    columns = {column["name"]: column["data_type"] for column in contract["columns"]}
    defined = ", ".join(f"{identifier(column)} {kind}" for column, kind in columns.items())
    yield f"create table {identifier(name)} ({defined})"
    yield f"comment on table {identifier(name)} is {literal(contract['description'])}"
    rows = [
        ", ".join(_cell(column, kind, country, count, times) for column, kind in columns.items())
        for country in MEMBERS
        for count in (COUNTS[:1] if name == "dim_countries" else COUNTS)
    ]
    yield f"insert into {identifier(name)} values ({'), ('.join(rows)})"
    for constraint in contract.get("constraints", ()):
        if constraint["type"] == "primary_key" and name != "rpt_routes":
            key = ", ".join(map(identifier, constraint["columns"]))
            yield f"alter table {identifier(name)} add primary key ({key})"


def _cell(column: str, kind: str, country: str, count: int, times: int) -> str:
    """Return a value: the state where a column names one, else a text or an amount that tells whose row it is."""
    if column.endswith(("country_code", "country_code_a")):
        return literal(country)
    if column.endswith("country_code_b"):
        return literal(MEMBERS[(MEMBERS.index(country) + 1) % len(MEMBERS)])
    if kind == "varchar":
        return literal(f"{country}-{count} ё")
    if kind in {"date", "timestamp"}:
        return f"{kind} '2024-01-{count % 28 + MEMBERS.index(country) + 1:02}'"
    if kind == "boolean":
        return "true"
    if column in {"calendar_year", "month_number"}:
        return f"{2000 + 10 * MEMBERS.index(country) + count}"
    if column == "presumed_duplicate_count":
        return "1"
    count -= column.endswith(_COUNTED)
    is_count = column.removesuffix(_COUNTED).endswith("_count")
    return f"{count}" if is_count else f"{(count + MEMBERS.index(country) / 8) * times}"
