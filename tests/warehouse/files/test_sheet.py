from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from warehouse.files.csv_text import csv_rows
from warehouse.files.json_document import json_document, json_sheets
from warehouse.files.sheet import UnreadableError, cell_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("  а ", "  а "), ("a\0b", "a\u2400b"), (True, "TRUE"), (False, "FALSE"), (12, "12"), (12.0, "12"),
        (0.152, "0.152"), (1e-7, "0.0000001"), (1e22, "10000000000000000000000"),
        (123456789012345000.0, "123456789012345000"), (12345678901234567.0, "12345678901234600"),
        (9007199254740991.0, "9007199254740991"), (date(2012, 12, 31), "2012-12-31"),
        (datetime(2012, 12, 31), "2012-12-31"), (datetime(2012, 12, 31, 10, 30), "2012-12-31 10:30:00"),
        (datetime(2012, 12, 31, 10, 29, 59, 999_000), "2012-12-31 10:30:00"),
        (datetime(2012, 12, 30, 23, 59, 59, 999_999), "2012-12-31"), (time(3, 4), "03:04:00"),
        (timedelta(hours=30), "1 day, 6:00:00"), (["г", 1], '["г", 1]'),
    ],
)  # fmt: skip
def test_cell_becomes_text(value: Any, text: str) -> None:
    assert cell_text(value) == text


def rows_of(path: Path, content: bytes, encoding: str = "utf-8") -> list[list[str]]:
    path.write_bytes(content)
    return list(csv_rows(path, encoding, ";"))


def test_csv_rows_are_numbered_as_the_sender_sees_them(tmp_path: Path) -> None:
    content = b'a;b\r\n\r\n"one\r\ntwo; ""three""";5" pipe\rlast\n'
    assert rows_of(tmp_path / "x", content) == [["a", "b"], [], ['one\r\ntwo; "three"', '5" pipe'], ["last"]]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"Crack" cocaine;2', ['"Crack" cocaine', "2"]), ('2;"Заря" село', ["2", '"Заря" село']),
        ('"a;b" c;"d;""e"""', ['"a;b" c', 'd;"e"']),
    ],
)  # fmt: skip
def test_a_cell_may_go_on_behind_its_quotation_marks(tmp_path: Path, line: str, cells: list[str]) -> None:
    path, loose = tmp_path / "x", dict[int, str]()
    path.write_text(f'a;b\n"1";"2\n"\n{line}\n3;4\n', encoding="utf-8")
    assert list(csv_rows(path, "utf-8", ";", loose)) == [["a", "b"], ["1", "2\n"], cells, ["3", "4"]]
    assert loose == {3: next(cell for cell in cells if cell[0] == '"')}


@pytest.mark.parametrize("broken", ['"Заря" село;2;3\n', '"Заря" село\n', '"open\nto the end', '"a" b;"c\n"d'])
def test_broken_quotes_are_reported_with_their_row(tmp_path: Path, broken: str) -> None:
    with pytest.raises(UnreadableError, match="in row 3 the quotation marks are broken"):
        rows_of(tmp_path / "x", f"a;b\n1;2\n{broken}".encode())


def test_undecodable_byte_is_reported_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no letter in utf-8"):
        rows_of(tmp_path / "x", "a\nгероин".encode()[:-1])


def document(path: Path, text: str, encoding: str = "utf-8") -> Any:
    path.write_bytes(text.encode(encoding))
    return json_document(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_keeps_numbers_as_they_are_written(tmp_path: Path, encoding: str) -> None:
    text = '[{"record_id": 123456789012345678901234, "quantity": 1.50, "purity": 1.5e1, "drug": "г", "unit": 1e-99999}]'
    [sheet] = json_sheets(document(tmp_path / "x", text, encoding))
    assert list(sheet.rows)[1] == ["123456789012345678901234", "1.50", "15", "г", "1e-99999"]


@pytest.mark.parametrize(
    "text",
    ["{", "[NaN]", "[1e999]", '["\\ud800"]', "[" * 100_000, "'x'"],
    ids=["cut off", "nan", "infinity", "half a letter", "nested", "quotes"],
)
def test_invalid_json_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableError, match="not valid JSON"):
        document(tmp_path / "x", text)


def test_repeated_json_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match='"drug" stands twice'):
        document(tmp_path / "x", '[{"drug": "heroin", "drug": "opium"}]')


def test_json_row_that_is_no_object_is_refused() -> None:
    with pytest.raises(UnreadableError, match='"seizures" record 2 is no object'):
        json_sheets({"seizures": [{}, "heroin"]})


def test_json_lists_are_sheets_and_the_rest_is_the_cover() -> None:
    cover, seizures, persons = json_sheets(
        {
            "country": "KAZ",
            "header": {"period": "2024-05"},
            "seizures": [{"a": 1}, {"b": None}, {"a": True}],
            "persons": [],
        }
    )
    assert list(cover.rows) == [["country", "KAZ"], ["period", "2024-05"]]
    assert (seizures.name, seizures.first_row, list(seizures.rows)) == (
        "seizures",
        0,
        [["a", "b"], ["1", ""], ["", ""], ["TRUE", ""]],
    )
    assert (persons.name, persons.has_keys, list(persons.rows)) == ("persons", True, [])
