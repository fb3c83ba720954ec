"""Golden submissions, damaged by chance with a seed, and what must hold of whatever a reader makes of them.

`make fuzz` runs it for a while; the tests run it for a few files. From one seed come the same files, so a name like
``seed 7, file 123`` says all about a failure; the bytes are kept beside.
"""

import argparse
import copy
import csv
import hashlib
import io
import json
import random
import shutil
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from binary_workbooks import Cell, write_xlsb
from golden_submissions import write_inbox
from written_forms import saved_by_libreoffice

from warehouse.intake.landing import Landing, Reading, Request, read_file
from warehouse.intake.months import read_submissions
from warehouse.ledger.raw import create_tables, land
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.detection import open_contents
from warehouse.storage.settings import Settings

PIECES = (
    b"\0", b'"', b";", b",", b"\t", b"\n", b"\r", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0", b"<!--", b"]]>",
    b"&a;",
    b"'", b"{", b"}", b"[", b"]", b"\\", b"=1+1", b"NaN", b"1e999", b'r="XFD1048576"', b't="e"', b"<f>", b"</row>",
    "Итого".encode(), "\u202e".encode(), "Дата".encode("cp1251"), b"9" * 400,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, "", "\0", "=1+1", "\u202e", "2024-02-31", 10**400, 1e-320, -0.0, [], {}, [[]], [{}], {"a": [1]},
    [{"drug": "heroin", "quantity": 1}], "x" * 2000, {"_id": 1}, "yes",
)  # fmt: skip
WITHIN_RATIO, STOP_RATIO = 0.7, 0.2
DIVIDED_BELOW = "4"  # the sha256 of a quarter of the files, which are read as those of a quarter of a year too


# A binary workbook with each kind of cell that its reader looks at: formats, struck and raised runs.
BINARY: list[list[Cell]] = [
    ["Дата изъятия", "Наркотик", "Количество", "Единица измерения", "Чистота, %"],
    [(45415.0, "date"), "героин", (250.0, "grams"), None, (0.62, "percent")],
    [(45416.0, "date"), "опий", ("12401", [(4, 2)]), "г", "#N/A"],
    [(45417.0, "date"), ("опийопий", [(0, 1), (4, 0)]), (7.0, "struck"), "кг", 1e300],
]


def corpus(folder: Path, *, has_libreoffice: bool = False) -> list[tuple[str, bytes]]:
    """Return the golden submissions by their endings: csv in two encodings, workbooks, JSON.

    With LibreOffice also its ODS and XLS of the workbooks; it takes some seconds.
    """
    paths = write_inbox(folder)
    write_xlsb(folder / "binary.xlsb", "Изъятия", BINARY)
    workbooks = [path for path in paths if path.suffix == ".xlsx"]
    for kind in ("ods", "xls") if has_libreoffice else ():
        paths += saved_by_libreoffice(workbooks, folder, kind)
    return [(path.suffix, path.read_bytes()) for path in [*paths, folder / "binary.xlsb"]]


def damaged(chance: random.Random, content: bytes) -> bytes:
    """Return bytes with one to six changes: flipped bits, cuts, chunks that are gone, doubled, moved or put in."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        end = min(len(changed), at + chance.choice((1, 1, 2, 8, 64, 1024)))
        match chance.randrange(7):
            case 0 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at:end]
            case 2:
                changed[at:at] = changed[at:end]
            case 3:
                changed[at:at] = chance.choice(PIECES)
            case 4:
                changed[at:end] = chance.choice(PIECES)
            case 5:
                changed[at:at] = content[(start := chance.randrange(len(content) + 1)) : start + end - at]
            case _ if chance.random() < 0.2:  # a cut leaves little to be damaged further
                del changed[at:]
    return bytes(changed)


def damaged_within(chance: random.Random, content: bytes) -> bytes:
    """Return a workbook with one part damaged, or gone, or there twice, and packed again with right checksums."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    at = chance.randrange(len(parts))
    name, part = parts[at]
    parts[at : at + 1] = chance.choice(([(name, damaged(chance, part))],) * 8 + ([], [(name, part)] * 2))
    target = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for known, text in parts:
            archive.writestr(zipfile.ZipInfo(known), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def damaged_document(chance: random.Random, content: bytes) -> bytes:
    """Return a JSON document in which some values are others, are gone, or bear another name."""
    document = json.loads(content)
    for _ in range(chance.randint(1, 6)):
        holder, key = place_in(chance, document)
        match chance.randrange(4):
            case 0:
                del holder[key]
            case 1 if isinstance(key, str):
                holder[damaged(chance, key.encode()).decode("utf-8", "replace")] = holder.pop(key)
            case _:
                holder[key] = copy.deepcopy(chance.choice(VALUES))
        if not document:
            break
    return json.dumps(document, ensure_ascii=chance.random() < STOP_RATIO).encode()


def place_in(chance: random.Random, document: Any) -> tuple[Any, Any]:
    """Return an object or list within a document that is not empty, and a key of it."""
    holder = document
    while True:
        key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        inner = holder[key]
        if not (isinstance(inner, (dict, list)) and inner) or chance.random() < STOP_RATIO:
            return holder, key
        holder = inner


def inputs(seed: int, files: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Yield damaged files without end, each drawn from the seed and its number alone."""
    number = 0
    while True:
        chance = random.Random(f"{seed}-{number}")
        ending, content = chance.choice(files)
        # Most damage to packed bytes only tries checksums, and most damage to JSON only its parser.
        within = dict.fromkeys((".xlsx", ".xlsb", ".ods"), damaged_within) | {".json": damaged_document}
        change = within.get(ending, damaged) if chance.random() < WITHIN_RATIO else damaged
        yield ending, change(chance, content)
        number += 1


def read(ending: str, content: bytes, folder: Path) -> Reading:
    """Read a file and hold the reading against what must be true of any; raises AssertionError, or what was raised."""
    path = folder / "received"
    path.write_bytes(content)
    name = f"KAZ/KAZ_2024-05{ending}"
    sha256 = hashlib.sha256(content).hexdigest()
    request = Request(path, sha256, len(content), name, datetime(2024, 7, 1), Settings().codelists, folder)
    reading = read_file(request)
    assert reading.landings or reading.findings, "neither rows nor a finding"
    is_refused = any(finding.rule == "file_unreadable" for finding in reading.findings)
    assert not (is_refused and reading.landings), "refused, and landed"
    for part in reading.landings:
        rows = _rows(part)
        assert len(rows) == part.row_count, "rows were lost on the way"
        assert len({row[2] for row in rows}) == len(rows), "a row was landed twice"
        assert all(row[0] == reading.submission.submission_id for row in rows), "a row of nobody"
    if reading.submission.file_format == "csv":
        _assert_nothing_invented(reading, path)
    _assert_landed(reading)
    if sha256 < DIVIDED_BELOW:
        _assert_divided(replace(request, file_name=f"KAZ/KAZ_2024-Q2{ending}"))
    return reading


def _assert_divided(request: Request) -> None:
    """The months of a file hold each of its rows once."""
    whole, parts = read_file(request), read_submissions(request)
    landings = [part for reading in parts for part in reading.landings]
    assert sum(part.row_count for part in landings) == sum(part.row_count for part in whole.landings), "rows were lost"
    if len(parts) > 1:
        rows = [
            row for part in landings if part.row_count
            for row in duckdb.read_parquet(str(part.path)).project("sheet, source_row").fetchall()
        ]  # fmt: skip
        tables = [part.table_name for part in landings for _ in range(part.row_count)]
        assert len(set(zip(tables, rows, strict=True))) == len(rows), "a row lies in two months"


def _rows(part: Landing) -> list[list[str]]:
    with part.path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _assert_nothing_invented(reading: Reading, path: Path) -> None:
    """Every landed cell of a csv file stands in the file, in the row from which it says it came."""
    contents = open_contents(path, load_questionnaire())
    sent = [set(row) for sheet in contents.sheets for row in sheet.rows]
    for part in reading.landings:
        for row in _rows(part):
            missing = [cell for cell in row[3:-1] if cell and cell not in sent[int(row[2]) - 1]]
            assert missing == [], f"row {row[2]} landed with what it does not hold: {missing[:3]}"


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return a database in which nothing is landed; a ledger takes longer to make than most files to be read."""
    connection = duckdb.connect(config={"threads": 1})
    create_tables(connection, load_questionnaire())
    return connection


def _assert_landed(reading: Reading) -> None:
    """What the reader wrote is what the database loads, letter by letter."""
    questionnaire, connection = load_questionnaire(), _database()
    try:
        land(connection, [reading], questionnaire)
        for table in {part.table_name for part in reading.landings}:
            fields = ", ".join(f'"{field.name}"' for field in questionnaire.table(table).fields)
            loaded = connection.execute(
                f'select submission_id, sheet, source_row::varchar, {fields}, extra from raw."{table}"'
            ).fetchall()
            written = [row for part in reading.landings if part.table_name == table for row in _rows(part)]
            assert Counter(tuple(cell or "" for cell in row) for row in loaded) == Counter(map(tuple, written))
    finally:
        names = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        connection.execute("; ".join(f'delete from raw."{name}"' for (name,) in names))


def fuzz(
    seed: int, seconds: float, limit: int, failures: Path, *, has_libreoffice: bool = False
) -> tuple[Counter[str], list[str]]:
    """Read damaged files until the time or the number is used up; returns what became of them, and what failed."""
    outcomes: Counter[str] = Counter()
    failed = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = corpus(folder / "inbox", has_libreoffice=has_libreoffice)
        until = time.monotonic() + seconds
        for number, (ending, content) in enumerate(inputs(seed, files)):
            if number >= limit or time.monotonic() > until:
                break
            try:
                reading = read(ending, content, folder)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                failures.mkdir(parents=True, exist_ok=True)
                kept = failures / f"seed-{seed}-file-{number}{ending}"
                kept.write_bytes(content)
                failed.append(f"{kept}: {type(error).__name__}: {error}")
            else:
                errors = sorted({finding.rule for finding in reading.findings if finding.severity == "error"})
                outcomes[f"{ending} {', '.join(errors) or 'read'}"] += 1
    return outcomes, failed


def main() -> None:
    """Fuzz for some seconds; exit status 1 when a file failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=Path, default=Path("var/fuzz"))
    chosen = parser.parse_args()
    has_libreoffice = shutil.which("soffice") is not None  # without it no ODS and XLS are read
    outcomes, failed = fuzz(chosen.seed, chosen.seconds, sys.maxsize, chosen.failures, has_libreoffice=has_libreoffice)
    lines = [f"{count:7} {outcome}" for outcome, count in sorted(outcomes.items())]
    summary = f"seed {chosen.seed}: {outcomes.total() + len(failed)} damaged files, {len(failed)} failed"
    sys.stdout.write("\n".join([*lines, summary, *failed, ""]))
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
