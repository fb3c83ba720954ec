"""Public editions in folders, as their readers have them, made of invented counts of persons."""

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from made_persons import draw_rows, revise, write_persons

from warehouse.disclosure.certificate import write_certificate
from warehouse.disclosure.joint_editions import PublicEdition, protect
from warehouse.disclosure.person_counts import TOTAL, CountKey, PersonCounts, read_counts


@dataclass(frozen=True)
class PublishedEdition:
    """An edition, and the folder that holds what is published of it."""

    edition: PublicEdition
    folder: Path

    @property
    def hidden(self) -> frozenset[CountKey]:
        return self.edition.hidden

    @property
    def values(self) -> PersonCounts:
        return self.edition.values

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


def write_edition(folder: Path, edition: PublicEdition, certificate: bytes | None = None, version: str = "1") -> str:
    """Write the data package of an edition, with its own certificate or with these bytes; returns its sha256."""
    (folder / "csv").mkdir(parents=True, exist_ok=True)
    path = folder / "csv" / "rpt_persons_by_period.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*CountKey._fields, "persons_count", "is_suppressed"])
        for key, value in sorted(edition.values.items()):
            is_hidden = key in edition.hidden
            writer.writerow([*key, "" if is_hidden else value, str(is_hidden).lower()])
    write_others(folder)
    if certificate is None:
        write_certificate(folder, edition, [])
    else:
        (folder / "certificate.json").write_bytes(certificate)
    return write_package(folder, version)


def write_others(folder: Path) -> None:
    """Write Parquet and DuckDB with the rows of the CSV."""
    (folder / "parquet").mkdir(exist_ok=True)
    (folder / "marts.duckdb").unlink(missing_ok=True)
    texts = ", ".join(f"'{name}': 'varchar'" for name in CountKey._fields if name.endswith(("_code", "_name")))
    with duckdb.connect(folder / "marts.duckdb") as connection:
        connection.execute(
            "create table rpt_persons_by_period as "
            f"from read_csv('{folder}/csv/rpt_persons_by_period.csv', types = {{{texts}, 'persons_count': 'bigint'}})"
        )
        connection.execute(f"copy rpt_persons_by_period to '{folder}/parquet/rpt_persons_by_period.parquet'")


def write_package(folder: Path, version: str = "1") -> str:
    """Write the data package of the files in a folder of an edition; returns its sha256."""
    table = "rpt_persons_by_period"
    names = ("certificate.json", f"csv/{table}.csv", f"parquet/{table}.parquet", "marts.duckdb")
    files = [describe(folder, name) for name in names]
    package = json.dumps({"edition": "public", "version": version, "resources": files}).encode()
    (folder / "datapackage.json").write_bytes(package)
    return hashlib.sha256(package).hexdigest()


def describe(folder: Path, name: str) -> dict[str, Any]:
    content = (folder / name).read_bytes()
    return {"path": name, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def publish_editions(folder: Path, count: int) -> list[PublishedEdition]:
    """Publish editions one after the other, each of a few revised counts, each protected with those before."""
    chance = np.random.default_rng(4)
    rows = draw_rows(chance, [2020], countries=3, months=2, offences=3, mean=2)
    published: list[PublishedEdition] = []
    for number in range(1, count + 1):
        with duckdb.connect() as connection:
            write_persons(connection, "persons", rows)
            candidate = read_counts(connection, "persons")
        earlier = [each.edition for each in published]
        edition = protect(candidate, earlier)
        place = folder / str(number)
        place.mkdir(parents=True)
        write_certificate(place, edition, earlier)
        version = str(number)
        sha256 = write_edition(place, edition, (place / "certificate.json").read_bytes(), version)
        published.append(PublishedEdition(replace(edition, version=version, sha256=sha256), place))
        rows = revise(chance, rows)
    return published


def counted(offences: Mapping[tuple[str, str], int], sexes: Mapping[tuple[str, str], int]) -> PersonCounts:
    """Return the counts of 2020 by country and offence, and by country and sex, with all totals."""
    counts: PersonCounts = {}
    for parts, place in ((offences, "offence_code"), (sexes, "characteristic_code")):
        for (country, code), value in parts.items():
            for name in (country, TOTAL):
                for part in (code, TOTAL):
                    offence, sex = (part, TOTAL) if place == "offence_code" else (TOTAL, part)
                    named = "all" if sex == TOTAL else "sex"
                    key = CountKey(name, 2020, 0, "SUSPECTED", offence, named, sex)
                    if place == "offence_code" or part != TOTAL:
                        counts[key] = counts.get(key, 0) + value
    return counts
