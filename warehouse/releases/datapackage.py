"""``datapackage.json`` of a release, by the Data Package standard (version 1, read by Frictionless)."""

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from warehouse.ledger.chain import read_head
from warehouse.ledger.in_force import KNOWN_DECISIONS
from warehouse.ledger.waivers import read_waived
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.errors import ReleaseError
from warehouse.releases.formats import FORMATS, Output
from warehouse.releases.marts import Column, Mart
from warehouse.storage.database import rows_as_dicts
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import REPOSITORY
from warehouse.storage.sql import identifier

DATA_PACKAGE = "datapackage.json"

DESCRIPTION = """Tables from the answers of national authorities to one questionnaire; sources lists the submissions.
The same tables stand in marts.duckdb, parquet/ and csv/. Times are UTC. Text in csv/ that a spreadsheet would run as a
formula (it begins with = + - @) has an apostrophe in front, also after a semicolon, tab or line break inside the text;
text with an apostrophe there has one more. Take one apostrophe away at these places and you have the text of the other
formats. The bytes of marts.duckdb differ each time it is written, so compare releases by their fingerprint."""

FIELD_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
    "FLOAT": "number",
    "DECIMAL": "number",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
}


def describe_package(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    resources: list[dict[str, Any]],
    number: int,
    as_of: date | None,
) -> dict[str, Any]:
    """Return the descriptor: the standard's keywords, then what made the release.

    ``fingerprint`` is equal for two releases with the same content, submissions and waivers, whenever they were made.
    It leaves out what gate 2 waived, because a change against the release before is no change against the next, and
    ``ledger``, the end of the chain at this time (warehouse.ledger.chain).
    """
    sources = read_sources(connection, marts, as_of)
    waived = read_waived(connection, [source["submission_id"] for source in sources], as_of)
    return {
        "profile": "data-package",
        "name": "sarai-marts",
        "title": "Regional drug-control statistics",
        "description": DESCRIPTION.replace("\n", " "),
        "edition": "member",
        "fingerprint": fingerprint(resources, sources, waived),
        **describe_origin(number, as_of),
        "rules_versions": sorted({source["rules_version"] for source in sources if source["rules_version"]}),
        "gate": {"results": "gate/results.json", "page": "gate/index.html"},
        "ledger": read_head(connection)._asdict(),
        "resources": resources,
        "sources": sources,
        "waivers": waived,
    }


def write_package(folder: Path, package: Mapping[str, Any]) -> None:
    """Write the data package of a folder."""
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (folder / DATA_PACKAGE).write_text(text, encoding="utf-8")


def describe_origin(number: int, as_of: date | None) -> dict[str, Any]:
    """Return how a release was made, for the package of either edition: number, time, versions of code and tools."""
    return {
        "version": str(number),
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "as_of": as_of.isoformat() if as_of else None,
        "code_version": version("sarai"),
        "code_commit": _own_commit(),
        "duckdb_version": duckdb.__version__,
        "questionnaire_version": load_questionnaire().version,
    }


def describe_files(folder: Path, outputs: Sequence[Output]) -> list[dict[str, Any]]:
    """Return the resources of files below ``folder``, see describe_file."""
    return [describe_file(folder, output) for output in outputs]


def describe_file(folder: Path, output: Output) -> dict[str, Any]:
    """Return the resource of one file below ``folder``: format, bytes, sha256; of a table also schema and row_count."""
    path = folder / output.path
    resource: dict[str, Any] = {
        "name": output.path.name,
        "path": output.path.as_posix(),
        "format": output.path.suffix[1:],
        **output.keywords,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
    }
    if output.mart:
        resource["row_count"] = output.mart.row_count
        resource["schema"] = table_schema(output.mart)
        if output.mart.comment:
            resource["description"] = output.mart.comment
    return resource


def table_schema(mart: Mart) -> dict[str, Any]:
    """Return the Table Schema of a mart; raises ReleaseError for a type without an equivalent."""
    schema: dict[str, Any] = {"fields": [_field(mart, column) for column in mart.columns]}
    if mart.primary_key:
        schema["primaryKey"] = list(mart.primary_key)
    return schema


def _field(mart: Mart, column: Column) -> dict[str, Any]:
    field_type = FIELD_TYPES.get(column.data_type.split("(")[0])
    if field_type is None:
        raise ReleaseError(
            f"marts.{mart.name}, {column.name}: the type {column.data_type} has no place in a release. "
            f"Cast it in the model to one of {', '.join(FIELD_TYPES)}."
        )
    field: dict[str, Any] = {"name": column.name, "type": field_type}
    if column.comment:
        field["description"] = column.comment
    if not column.is_nullable:
        field["constraints"] = {"required": True}
    return field


def read_sources(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], as_of: date | None
) -> list[dict[str, Any]]:
    """Return the submissions that any mart names in ``submission_id``, with the last decision on each.

    A file's name may name a person: it is what a mart shows of it, and null where none does.
    """
    named = [(m.name, {column.name for column in m.columns}) for m in marts]
    named = [(name, columns) for name, columns in named if "submission_id" in columns]
    lineage = " union ".join(
        f"select submission_id, {'file_name' if 'file_name' in columns else 'null'} as file_name "
        f"from marts.{identifier(name)}"
        for name, columns in named
    )
    if not lineage:
        return []
    cursor = connection.execute(
        f"""
        select submission_id, named.file_name, s.sha256, s.country_code, strftime(s.reporting_month, '%Y-%m') as month,
            s.questionnaire_version, d.outcome, d.rules_version
        from raw.submissions as s
        inner join (
            select submission_id, max(file_name) as file_name from ({lineage}) group by submission_id
        ) as named using (submission_id)
        left join ({KNOWN_DECISIONS}) as d using (submission_id)
        order by s.country_code, s.reporting_month, s.received_at, submission_id
        """,
        {"as_of": as_of},
    )
    return [
        {"title": f"{row['country_code']} {row['month']}: {row['file_name'] or row['submission_id']}", **row}
        for row in rows_as_dicts(cursor)
    ]


def fingerprint(
    resources: Sequence[dict[str, Any]],
    sources: Sequence[dict[str, Any]] = (),
    waived: Sequence[dict[str, Any]] = (),
) -> str:
    """Return the sha256 (hex) over schemas and rows of the csv files, submissions, waivers and names of the formats.

    The public edition of a release counts by its own fingerprint.
    """
    tables: list[Any] = [[r["path"], r["hash"], r["schema"]] for r in resources if r["format"] == "csv"]
    tables += [r["fingerprint"] for r in resources if "fingerprint" in r]
    content = [tables, sorted(source["submission_id"] for source in sources), list(waived), sorted(FORMATS)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@cache
def _own_commit() -> str | None:
    """Return the commit of the code that this process has loaded: what is changed later, it does not run."""
    return read_commit(REPOSITORY)


def read_commit(repository: Path) -> str | None:
    """Return the git commit of the code, with ``-dirty`` if files differ from it; None outside a git repository."""
    # the ceiling keeps git from answering with a repository that merely surrounds an installed package
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(repository.parent), "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-C", str(repository), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        result = subprocess.run(  # noqa: S603 - fixed words and our own folder
            command, env=environment, capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout.strip() or None
