"""A release that follows another one: a copy of it whose published marts say something else, complete with hashes."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
from made_releases import hash_anew

from warehouse.releases.catalogue import Release

_MARTS = ("rpt_seizures_by_month", "rpt_coverage_by_month")


def revise(before: Release, day: str, statements: Sequence[str]) -> Release:
    """Write the release after another of the same folder, made on a day as in 2024-05-25.

    ``statements`` change rpt_seizures_by_month or rpt_coverage_by_month of both editions.
    """
    number = before.number + 1
    release = Release(number, before.path.with_name(str(number)))
    shutil.copytree(before.path, release.path)
    for path in (release.path, *release.path.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    for edition in (release.public, release.path):
        _change(edition, statements, number, day)
    return release


def _change(edition: Path, statements: Sequence[str], number: int, day: str) -> None:
    with duckdb.connect(str(edition / "marts.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
        for mart in _MARTS:
            connection.execute(f"copy {mart} to '{edition / 'parquet' / f'{mart}.parquet'}' (format parquet)")
    path = edition / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8")) | {"version": str(number), "created": f"{day}T08:00:00Z"}
    path.write_text(json.dumps(package), encoding="utf-8")
    hash_anew(edition)
