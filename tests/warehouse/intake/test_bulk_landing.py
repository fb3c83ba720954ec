import csv
import hashlib
import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from examples import examples
from fuzzed_files import damaged
from hypothesis import given, settings, strategies as st

from warehouse.intake import bulk_landing
from warehouse.intake.landing import Landing, Reading, Request, read_file
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

CODELISTS = Settings().codelists
HEADER = ["Record number", "Date", "Drug", "Quantity", "Unit", "Notes"]
PLAIN = ["K1", "05.01.2024", "героин", "2,5", "кг", "в багажнике"]
# What stands in a file for a cell: many that are plain, and what readers may take in two ways.
CELLS = [
    "1", "opium", "Г-7", '"в;двух, местах"', '"сказал ""да"""', '""', "", " ", "\u00a0", " 3", "7 ", "\u2003x",
    "\ufeff", "Итого", "итᲂго 5", "Всего:", "Grand total", "sub-Total", "Gram", "Суша", "TOTALS", "— total", "Notes",
    "Quantity", 'a"b', 'a""b', '"a"b', '"a" ', ' "a"', '"', '""x', '"""', '""""', "'x'", "#", "\\", "\t", "\x01",
    "\x0b", "\x7f", "=1", "\u2028", "NULL", "\N{FACE WITH TEARS OF JOY}", "x" * 300,
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "utf-16", "utf-16-be", "utf-32"]
LINE_ENDS = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", ";\n", "\n;;;;;\n", "\n; ;;;;\n"]

rare = st.integers(0, 9).map(lambda number: number == 0)
cells = st.one_of(st.sampled_from(CELLS), st.text(max_size=4))
changes: st.SearchStrategy[list[tuple[int, str]]] = st.one_of(
    st.just([]), st.lists(st.tuples(st.integers(0, 7), cells), max_size=2)
)


def line_of(changed: list[tuple[int, str]]) -> list[str]:
    """A plain line, with some cells changed; what is changed beyond its end makes it longer."""
    line = list(PLAIN)
    for place, cell in changed:
        line[place : place + 1] = [cell]
    return line


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A CSV file with a header, plain lines and others, in an encoding, and sometimes damaged bytes."""
    extra = draw(st.sampled_from([[], ["Эксперт"], ["A", "A"], ['"он ""сам"" \\"', "\t2"], ["column 8", ""]]))
    end, delimiter = draw(st.sampled_from(LINE_ENDS[:2])), draw(st.sampled_from(";;,\t|"))
    body = [
        HEADER + extra,
        *([*line, *["x1"] * len(extra)] for line in map(line_of, draw(st.lists(changes, min_size=1, max_size=6)))),
    ]
    above = draw(st.sampled_from(["", "", "Отчёт;;\n", '"Свод\nза май"\n', "Country;KAZ\n"]))
    ends = [draw(st.sampled_from(LINE_ENDS)) if draw(rare) else end for _ in body]
    text = above + "".join(delimiter.join(line) + end for line, end in zip(body, ends, strict=True))
    content = text.encode(draw(st.sampled_from(ENCODINGS)), "replace")
    return damaged(random.Random(draw(st.integers(0, 1000))), content) if draw(rare) else content


def reading_of(content: bytes, folder: Path, least: int) -> Reading:
    """The reading of a file, of which files from ``least`` bytes on land in bulk if they can."""
    path = folder / "received"
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    request = Request(path, sha256, len(content), "KAZ/KAZ_2024-01.csv", datetime(2024, 6, 10), CODELISTS, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk_landing, "MIN_BYTES", least)
        return read_file(request)


def rows_of(part: Landing) -> list[dict[str, Any]]:
    """The rows as they come into the database, which takes an empty text for none."""
    names = [field.name for field in load_questionnaire().table(part.table_name).fields]
    names = ["submission_id", "sheet", "source_row", *names, "extra"]
    if part.path.suffix == ".parquet":
        found = duckdb.execute("select * exclude (seen) from read_parquet(?)", [str(part.path)])
        assert [column[0] for column in found.description] == names
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return [row | {"sheet": row["sheet"] or None} for row in rows]
    with part.path.open(encoding="utf-8", newline="") as file:
        rows = [{k: v or None for k, v in zip(names, row, strict=True)} for row in csv.reader(file)]
    return [row | {"source_row": int(row["source_row"])} for row in rows]


def both_ways(content: bytes, folder: Path) -> bool:
    """Assert that a file is read alike in bulk and one row at a time; returns whether it was read in bulk."""
    slow, fast = reading_of(content, folder, 1 << 60), reading_of(content, folder, 0)
    assert list(map(rows_of, fast.landings)) == list(map(rows_of, slow.landings))
    parts = tuple(replace(part, path=own.path) for part, own in zip(fast.landings, slow.landings, strict=True))
    assert replace(fast, landings=parts) == slow
    return any(part.path.suffix == ".parquet" for part in fast.landings)


@pytest.mark.chance
@settings(max_examples=examples(120, 5000), deadline=None)
@given(content=files())
def test_files_are_read_alike_in_bulk_and_one_row_at_a_time(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    both_ways(content, tmp_path_factory.mktemp("read"))


def file_of(*rows: list[str], header: list[str] = HEADER, end: str = "\n") -> bytes:
    return "".join(";".join(row) + end for row in [header, *rows]).encode()


BULK = {
    "a column without heading that is empty": file_of([*PLAIN, ""], header=[*HEADER, ""]),
    "rows": file_of(PLAIN, PLAIN),
    "line ends of Windows": file_of(PLAIN, PLAIN, end="\r\n"),
    "one line without its end": file_of(PLAIN).rstrip(),
    "quotation marks": file_of([*PLAIN[:5], '"в ""двух"";\u00a0местах"'], ['"К;2"', *PLAIN[1:5], '""']),
    "another encoding": file_of(PLAIN).decode().encode("cp1251"),
    "rows of empty cells": file_of(PLAIN, [""] * 6, PLAIN),
    "another delimiter behind a row": file_of(PLAIN, [*PLAIN, ""]),
    "a letter of a total": file_of(["Гора", *PLAIN[1:]], ["Т1", *PLAIN[1:]], ["Totals1", *PLAIN[1:]], ["", *PLAIN[1:]]),
    "another column": file_of([*PLAIN, 'д. "7" \\ /'.replace('"', "'")], [*PLAIN, ""], header=[*HEADER, "Эксперт"]),
}  # fmt: skip
ONE_AT_A_TIME = {
    "a column without heading": file_of([*PLAIN, "300 г"], [*PLAIN, ""], header=[*HEADER, ""]),
    "headings of another table": file_of(PLAIN, ["Месяц", "Пол", "Число лиц", "", "", ""]),
    "a scale in a heading": file_of(PLAIN, header=[*HEADER[:3], "Количество (тыс.)", *HEADER[4:]]),
    "a line break in a cell": file_of(PLAIN, [*PLAIN[:5], '"в\nбагажнике"']),
    "an empty line": file_of(PLAIN, PLAIN, end="\n\n"),
    "a short row": file_of(PLAIN, PLAIN[:5]),
    "a long row": file_of(PLAIN, [*PLAIN, "x"]),
    "a quotation mark within a cell": file_of(PLAIN, [*PLAIN[:5], 'a"b']),
    "a quotation mark without another": file_of(PLAIN, [*PLAIN[:5], '"']),
    "a total": file_of(PLAIN, ["Итого", "", "", "5", "", ""]),
    "a total in another column": file_of([*PLAIN, "ош"], [*PLAIN, "ВСЕГО"], header=[*HEADER, "Отдел"]),
    "a repeated header": file_of(PLAIN, HEADER),
    "a note": file_of(PLAIN, ["Составил Иванов", "", "", "", "", ""]),
    "a row of blanks": file_of(PLAIN, [" ", "\u00a0", "", "", "", ""]),
    "a byte order mark before the first row": file_of(["\ufeff", *PLAIN[1:]]),
    "no character": file_of(PLAIN, ["a\0b", *PLAIN[1:]]),
    "a byte that is no letter": file_of(PLAIN) + "я".encode()[:1] + b";;;;;\n",
    "control characters in another column": file_of([*PLAIN, "\x01"], header=[*HEADER, "Эксперт"]),
}  # fmt: skip


@pytest.mark.parametrize("content", BULK.values(), ids=BULK)
def test_plain_file_is_read_in_bulk(content: bytes, tmp_path: Path) -> None:
    assert both_ways(content, tmp_path)


@pytest.mark.parametrize("content", ONE_AT_A_TIME.values(), ids=ONE_AT_A_TIME)
def test_unusual_file_is_read_one_row_at_a_time(content: bytes, tmp_path: Path) -> None:
    assert not both_ways(content, tmp_path)
