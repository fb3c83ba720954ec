import codecs
import itertools
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from warehouse.files.sheet import UnreadableError
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.detection import Contents, open_contents

QUESTIONNAIRE = load_questionnaire()
ROWS = [["Дата изъятия", "Наркотик", "Количество", "Единица измерения"], ["01.05.2024", "героин", "1 234,5", "г"]]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"]


def contents_of(path: Path, content: bytes) -> Contents:
    path.write_bytes(content)
    return open_contents(path, QUESTIONNAIRE)


def csv_text(rows: list[list[str]], delimiter: str) -> str:
    return "".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) + "\r\n" for row in rows)


@pytest.mark.parametrize(("encoding", "delimiter"), list(itertools.product(ENCODINGS, ";,\t|")))
def test_encoding_and_delimiter_are_chosen_by_the_header(tmp_path: Path, encoding: str, delimiter: str) -> None:
    contents = contents_of(tmp_path / "x", csv_text(ROWS, delimiter).encode(encoding))
    assert [list(sheet.rows) for sheet in contents.sheets] == [ROWS]
    assert contents.delimiter == delimiter
    assert codecs.lookup(contents.encoding or "") == codecs.lookup(
        encoding.replace("utf-8", "utf-8-sig").replace("-sig-sig", "-sig")
    )


def test_title_rows_do_not_mislead(tmp_path: Path) -> None:
    rows = [["[Форма 1], утв. 2019, с изм., доп."], [], *ROWS]
    contents = contents_of(tmp_path / "x", csv_text(rows, ";").encode("cp1251"))
    assert (contents.file_format, contents.delimiter, list(contents.sheets[0].rows)) == ("csv", ";", rows)


def test_file_truncated_within_a_character_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    text = "Date of seizure,Drug,Quantity,Unit\n2024-05-01,героин,1,кг\n2024-05-02,опий".encode()
    contents = contents_of(tmp_path / "x", text[:-1])
    with pytest.raises(UnreadableError, match="after row 2 stands a byte that is no letter"):
        list(contents.sheets[0].rows)


def test_broken_quotes_in_the_first_rows_are_reported_under_the_right_delimiter(tmp_path: Path) -> None:
    contents = contents_of(tmp_path / "x", b'Date,Drug,Quantity,Unit\n"2024"x,heroin,1\n')
    assert contents.delimiter == ","
    with pytest.raises(UnreadableError, match="in row 2 the quotation marks"):
        list(contents.sheets[0].rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"), (b"\xef\xbb\xbf \r\n", "is empty"), (bytes(50), "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged, cut off or protected"), (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "web page or XML"), (b"\xef\xbb\xbf<?xml version='1.0'?>", "web page or XML"),
        (b"{\\rtf1", "RTF"), (b"PK\x03\x04" + bytes(50), "damaged"),
    ],
)  # fmt: skip
def test_unreadable_file_is_reported_with_the_next_step(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        contents_of(tmp_path / "x", content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_known_by_its_brackets(tmp_path: Path, encoding: str) -> None:
    contents = contents_of(
        tmp_path / "x", json.dumps([dict(zip(*ROWS, strict=True))], ensure_ascii=False).encode(encoding)
    )
    assert (contents.file_format, list(contents.sheets[0].rows)) == ("json", ROWS)


def test_workbook_is_known_by_its_bytes(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(ROWS[0])
    book.save(tmp_path / "x.csv")
    assert open_contents(tmp_path / "x.csv", QUESTIONNAIRE).file_format == "xlsx"


def test_noise_has_no_header(tmp_path: Path) -> None:
    contents = contents_of(tmp_path / "x", bytes(range(1, 256)) * 40)
    assert contents.file_format == "csv"
