"""A small world to break: a warehouse with one release, files that arrive next, and all that a run makes of them."""

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
from conftest import HEADINGS, INBOX, fill_inbox

from warehouse.ledger.in_force import REPLACED
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

# Invented figures: a revision of what is in force, a first report with a bad row, a workbook that is cut off. The empty
# lines take a reader longer than the low limit that one of the faults sets.
ARRIVING = {
    "KAZ/KAZ_2024-01_again.csv": f"{HEADINGS}K1;03.01.2024;;Heroin;2,5;kg;\nK2;09.01.2024;;Opium;800;g;\n"
    + ";\n" * 200_000,
    "KGZ/KGZ_2024-01.csv": f"{HEADINGS}G1;04.01.2024;;Hashish;12;kg;\nG2;05.01.2024;;Heroin;some;kg;\n",
    "TJK/TJK_2024-02.xlsx": "PK\x03\x04 cut off again",
}
_LEFTOVERS = (
    "vault/.receiving-*",
    ".sarai-reading-*",
    "releases/.building-*",
    "releases/.built-*",
    "releases/.new-*",
    "feedback/**/.new-*",
)
_TIMES = (
    "received_at",
    "modified_at",
    "position",
    "decided_at",
    "answered_at",
    "replied_at",
    "superseded_at",
    "timeliness_days",
    "months_after_count",
)
# What else may differ: a file that was refused first has another id, and the names of findings follow from it.
_NAMES = ("reference", "reply_reference")
_READ_AGAIN = re.compile(r"\b([A-Z]{3}-\d{4}-\d\d-[0-9a-f]{12,32})-\d+\b")


def take_in(settings: Settings) -> None:
    """Ingest, as the command does, on the Prefect server that this process is connected to."""
    os.environ["SARAI_HOME"] = str(settings.root)
    from flows.ingest import ingest

    ingest()


def release(settings: Settings) -> None:
    """Publish, as the command does."""
    os.environ["SARAI_HOME"] = str(settings.root)
    from flows.publish import publish

    publish()


def run(settings: Settings) -> None:
    """Ingest and publish."""
    take_in(settings)
    release(settings)


def make_start(home: Path) -> None:
    """Make the warehouse that trials of ingest start from: INBOX ingested and published, and what arrives next."""
    settings = Settings(home=home)
    fill_inbox(settings.inbox, INBOX)
    run(settings)
    fill_inbox(settings.inbox, ARRIVING)


def copy_world(world: Path, home: Path) -> Settings:
    """Copy a warehouse, without what says nothing about its data."""
    shutil.copytree(world, home, symlinks=True, ignore=shutil.ignore_patterns("prefect", "logs", "gates"))
    return Settings(home=home)


def release_bytes(settings: Settings) -> dict[str, str]:
    """Return the sha256 of every file of every release, by path: what readers may rely on for ever."""
    folders = [path for path in settings.releases.iterdir() if path.name.isdigit()]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(settings.releases)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def describe_ledger(settings: Settings) -> dict[str, Any]:
    """Return what must come out the same however often an ingest was interrupted, as JSON values.

    Ledger, raw and typed rows value for value but for times, the answers, what `reconcile` says (of the chain of the
    ledger too, which has an entry for each run), and what killed runs left lying about. A refusal that a later reading
    of the file has replaced is left out.
    """
    from warehouse.safekeeping.reconciliation import reconcile

    with open_database(settings) as connection:
        said = _all_values(connection, ("raw", "staging"))
    return {
        **said,
        "feedback": sorted(_answer(path, settings.feedback) for path in settings.feedback.rglob("*") if path.is_file()),
        "reconcile": reconcile(settings),
        "left over": sorted(path.name for pattern in _LEFTOVERS for path in settings.root.glob(pattern)),
    }


def describe_release(settings: Settings) -> dict[str, Any]:
    """Return the marts of the current release, value for value but for times."""
    import duckdb

    with duckdb.connect(str(settings.releases / "current" / "marts.duckdb"), read_only=True) as marts:
        return _all_values(marts, ("main",))


def _all_values(connection: Any, schemas: Sequence[str]) -> dict[str, list[str]]:
    """Return the rows of each table of the schemas but the chain's, as texts in order, without what may differ."""
    columns = connection.execute(
        "select table_schema, table_name, list(column_name order by ordinal_position) from information_schema.columns "
        "where list_contains($schemas, table_schema) and table_name <> 'chain' group by all order by all",
        {"schemas": schemas},
    ).fetchall()
    return {f"{schema}.{name}": _values(connection, schema, name, every) for schema, name, every in columns}


def _values(connection: Any, schema: str, name: str, columns: Sequence[str]) -> list[str]:
    names = [column for column in columns if column not in (*_TIMES, *_NAMES)]
    if not names:
        return []
    kept = ", ".join(f'"{column}"' for column in names)
    is_of_file = schema in ("raw", "staging") and "submission_id" in names
    where = f"where submission_id not in ({REPLACED})" if is_of_file else ""
    if schema == "staging" and not is_of_file:  # follows from the codelists: a hundred thousand spellings
        kept = f"count(*), bit_xor(hash({kept}))"
    rows = connection.execute(f'select {kept} from {schema}."{name}" {where}').fetchall()
    return sorted(_READ_AGAIN.sub(r"\1", str(row)) for row in rows)


def _answer(path: Path, folder: Path) -> str:
    told = str(path.relative_to(folder))
    if path.name == "answer.json":
        told = f"{told} {_without_times(orjson.loads(path.read_bytes()))}"
    return _READ_AGAIN.sub(r"\1", told)


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_times(part) for key, part in value.items() if key not in (*_TIMES, *_NAMES)}
    return [_without_times(part) for part in value] if isinstance(value, list) else value


def in_child(work: Callable[..., Any], *arguments: Any, output: Path) -> int:
    """Run a function in a fork of this process, its words and a failure's traceback in a file; returns its status.

    DuckDB and Prefect are imported here and used only in children, so that every child starts clean and at once.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            with output.open("a", encoding="utf-8") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            work(*arguments)
            status = 0
        except BaseException:  # noqa: BLE001 - whatever it is, it is said, and this process ends here
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
