"""How fast files become rows: reads one file of each format and lands them all, as `sarai ingest` does.

Usage: python tests/benchmarks/reading.py [ROWS]
"""

import csv
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
from openpyxl import Workbook

from warehouse.intake.landing import Reading, Request, read_file
from warehouse.ledger.raw import create_tables, land
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

ROWS = 50_000
HEADINGS = ("Номер записи", "Дата изъятия", "Область", "Наркотик", "Количество", "Единица измерения", "Примечание")


def records(count: int) -> Iterator[tuple[str, ...]]:
    for number in range(count):
        day = date(2024, 5, 1) + timedelta(days=number % 31)
        weight = f"{number % 977 + 1},{number % 10}"
        yield (f"KAZ-{number}", f"{day:%d.%m.%Y}", "Алматы", "героин", weight, "г", "в багажнике; упаковка 'А'")


def write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="cp1251", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADINGS, *records(count)])


def write_json(path: Path, count: int) -> None:
    rows = [dict(zip(HEADINGS, record, strict=True)) for record in records(count)]
    path.write_text(json.dumps({"seizures": rows}, ensure_ascii=False), encoding="utf-8")


def write_xlsx(path: Path, count: int) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Изъятия")
    sheet.append(HEADINGS)
    for record in records(count):
        sheet.append(record)
    workbook.save(path)


WRITERS: dict[str, Callable[[Path, int], None]] = {"csv": write_csv, "json": write_json, "xlsx": write_xlsx}


def request_of(path: Path, folder: Path) -> Request:
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"KAZ/{path.name}"
    return Request(path, sha256, len(content), name, datetime.now(UTC), Settings().codelists, folder)


def report(what: str, rows: int, seconds: float) -> None:
    print(f"{what:<8}{rows:>10,} rows {seconds:>8.2f} s {rows / seconds:>12,.0f} rows/s")


def read(path: Path, count: int) -> Reading:
    WRITERS[path.suffix[1:]](path, count)
    request = request_of(path, path.parent)
    start = time.perf_counter()
    reading = read_file(request)
    report(path.suffix[1:], count, time.perf_counter() - start)
    if [part.row_count for part in reading.landings] != [count]:
        sys.exit(f"{path.name}: not every row was read: {reading.findings}")
    return reading


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    questionnaire = load_questionnaire()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "bench.duckdb")) as connection:
        readings = [read(Path(folder) / f"KAZ_2024-05.{file_format}", count) for file_format in WRITERS]
        create_tables(connection, questionnaire)
        start = time.perf_counter()
        land(connection, readings, questionnaire)
        report("land", count * len(readings), time.perf_counter() - start)


if __name__ == "__main__":
    main()
