import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from filled_forms import Filled, central_record, kobo_record
from written_forms import QUESTIONNAIRE

from warehouse.exports.odk_export_files import archive_sheets, document_sheets
from warehouse.files.sheet import UnreadableError

RECORD = kobo_record(Filled(1))
PAGE = {"count": 1, "next": None, "previous": None, "results": [RECORD]}


@pytest.mark.parametrize(
    "document",
    [
        {"country": "TJK", "period": "2024-05", "seizures": [{"drug": "HEROIN", "quantity": "1"}]},
        {"value": "1", "seizures": []},
        {"results": [{"drug": "HEROIN"}]},
        {"results": []},
        [{"drug": "HEROIN", "quantity": "1"}],
        [],
        [RECORD, {"drug": "HEROIN"}],
        ["text"],
        "text",
    ],
)
def test_other_documents_are_no_export(document: Any) -> None:
    assert document_sheets(document) is None


@pytest.mark.parametrize(
    "document",
    [
        {**PAGE, "count": "31000"},
        {**PAGE, "next": "https://kobo.example.org/api/v2/assets/a/data/?start=30000"},
        {**PAGE, "previous": "https://kobo.example.org/api/v2/assets/a/data/?start=0"},
        {"value": [central_record(Filled(1))], "@odata.nextLink": "https://central.example.org/next"},
    ],
)
def test_one_page_of_several_is_refused(document: Any) -> None:
    with pytest.raises(UnreadableError, match="one page of 1 records"):
        document_sheets(document)


def test_answer_that_is_a_list_stays_an_answer() -> None:
    [records] = document_sheets([{**RECORD, "": "x", "header/tags": ["a", "b"], "header/none": []}]) or []
    headings, row = records.rows
    assert dict(zip(headings, row, strict=True))["header/tags"] == json.dumps(["a", "b"])
    assert "header/none" not in headings


def test_zip_without_tables_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("media/list.csv", "a,b\n1,2\n")
        archive.writestr("__MACOSX/form.csv", "a,b\n1,2\n")
    assert archive_sheets(path, QUESTIONNAIRE) is None
    path.write_bytes(path.read_bytes()[:40])
    assert archive_sheets(path, QUESTIONNAIRE) is None


def test_zip_of_semicolons_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("folder/Form of May-Изъятия.csv", '\ufeffa;"b\nc"\n1;2\n'.encode())
        archive.writestr("notes.csv", "a\n")
    sheets = archive_sheets(path, QUESTIONNAIRE) or []
    assert [(sheet.name, sheet.rows) for sheet in sheets] == [
        ("seizures", [["a", "b\nc"], ["1", "2"]]),
        ("notes", [["a"]]),
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe,\n", b'a,b\n"1,2'])
def test_table_of_a_zip_that_cannot_be_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("form.csv", content)
    with pytest.raises(UnreadableError):
        archive_sheets(path, QUESTIONNAIRE)


def test_zip_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.exports.odk_export_files.MAX_EXPORT_BYTES", 1000)
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.csv", "a" * 1001)
    with pytest.raises(UnreadableError, match="unpacked, the zip takes 0 MB"):
        archive_sheets(path, QUESTIONNAIRE)
