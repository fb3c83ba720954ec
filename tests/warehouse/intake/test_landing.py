import csv
import hashlib
import json
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from golden_submissions import GOLDEN, add_countries, write_inbox
from openpyxl import Workbook

from warehouse.findings.proposal import Proposal, describe_proposal
from warehouse.intake.landing import Landing, Reading, Request, read_file
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

HEADINGS = ["Дата изъятия", "Наркотик", "Количество", "Единица измерения"]
FIELDS = ["seizure_date", "drug", "quantity", "unit"]


def request_for(folder: Path, file_name: str, content: bytes) -> Request:
    path = folder / "received"
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return Request(path, sha256, len(content), file_name, datetime(2024, 6, 10), Settings().codelists, folder)


def reading_of(folder: Path, file_name: str, content: bytes | Workbook) -> Reading:
    if isinstance(content, Workbook):
        content.save(folder / "workbook")
        content = (folder / "workbook").read_bytes()
    return read_file(request_for(folder, file_name, content))


def landed(part: Landing, fields: list[str] = FIELDS) -> list[list[str]]:
    """Rows of a canonical file: sheet, row number and the answers to four fields."""
    names = [field.name for field in load_questionnaire().table(part.table_name).fields]
    with part.path.open(encoding="utf-8", newline="") as file:
        rows = [dict(zip(["id", "sheet", "row", *names, "extra"], row, strict=True)) for row in csv.reader(file)]
    assert len(rows) == part.row_count
    return [[row["sheet"], row["row"], *(row[field] for field in fields)] for row in rows]


def findings_of(reading: Reading) -> list[tuple[str, str, int | None]]:
    return [(finding.severity, finding.rule, finding.source_row) for finding in reading.findings]


def test_csv_of_a_russian_office(tmp_path: Path) -> None:
    text = (
        "Сведения об изъятиях за май 2024;;;\r\n\r\nДата изъятия;Наркотик;Количество;Единица измерения\r\n"
        '01.05.2024;героин;1\u00a0234,5;г\r\n;;;\r\n02.05.2024;"опий;\r\nсырец";12,5 кг;\r\nИтого;;1247;\r\n'
    )
    reading = reading_of(tmp_path, "KAZ/report.csv", text.encode("cp1251"))
    [part] = reading.landings
    assert (part.table_name, part.header_row, part.row_count) == ("seizures", 3, 2)
    assert landed(part) == [
        ["", "4", "01.05.2024", "героин", "1\u00a0234,5", "г"],
        ["", "6", "02.05.2024", "опий;\r\nсырец", "12,5 кг", ""],
    ]
    given = reading.submission
    assert (given.country_code, given.reporting_month, given.encoding, given.delimiter) == ("KAZ", None, "cp1251", ";")
    assert findings_of(reading) == [("error", "period_unknown", None), ("warning", "total_row", 7)]


def test_workbook_with_cover_two_languages_and_merged_cells(tmp_path: Path) -> None:
    book = Workbook()
    cover = book.active
    cover.title = "Титульный лист"
    cover.append(["Страна / Country", "Казахстан"])
    cover.append(["Отчётный период", date(2024, 5, 1)])
    cover.append(["Версия", 1])
    sheet = book.create_sheet("Изъятия")
    sheet["A1"] = "Сведения об изъятиях"
    sheet.merge_cells("A1:D1")
    sheet.append(HEADINGS)
    sheet.append(["Date of seizure", "Drug", "Quantity", "Unit"])
    sheet.append([date(2024, 5, 3), "героин", 0.152, "кг"])
    sheet.append([None, "опий", 1234.5, "г"])
    sheet.merge_cells("A4:A5")
    book.create_sheet("Лица").append(["Месяц", "Пол", "Число лиц"])
    book.create_sheet("Лист4")
    reading = reading_of(tmp_path, "KAZ/x.xlsx", book)
    assert reading.findings == ()
    assert (reading.submission.reporting_month, reading.submission.questionnaire_version) == (date(2024, 5, 1), "1")
    seizures, persons = reading.landings
    assert (persons.table_name, persons.row_count) == ("persons", 0)
    assert landed(seizures) == [
        ["Изъятия", "4", "2024-05-03", "героин", "0.152", "кг"],
        ["Изъятия", "5", "2024-05-03", "опий", "1234.5", "г"],
    ]


def test_json_with_a_nil_return(tmp_path: Path) -> None:
    record = {"seizure_date": "2024-05-01", "drug": "heroin", "quantity": 1.50, "unit": None, "officer": "x"}
    document = {"country": "Kazakhstan", "period": "2024-05", "seizures": [record], "persons": []}
    reading = reading_of(tmp_path, "x.json", json.dumps(document).encode())
    assert findings_of(reading) == [("warning", "column_unknown", None)]
    assert [(part.table_name, part.row_count) for part in reading.landings] == [("seizures", 1), ("persons", 0)]
    assert landed(reading.landings[0]) == [["seizures", "1", "2024-05-01", "heroin", "1.5", ""]]


def test_cover_that_states_nothing_to_report_is_a_nil_return_of_every_table(tmp_path: Path) -> None:
    document = {"country": "Kazakhstan", "period": "2024-05", "revision": 1, "nil_return": "yes"}
    reading = reading_of(tmp_path, "x.json", json.dumps(document).encode())
    assert reading.findings == ()
    assert reading.submission.revision == 1
    assert {part.table_name for part in reading.landings} == {table.name for table in load_questionnaire().tables}
    assert {(part.row_count, part.path.read_bytes()) for part in reading.landings} == {(0, b"")}


def test_table_that_the_file_holds_is_not_landed_twice(tmp_path: Path) -> None:
    document = {"nil_return": "да", "seizures": [], "notes": "x"}
    names = [
        part.table_name for part in reading_of(tmp_path, "KAZ_2024-05.json", json.dumps(document).encode()).landings
    ]
    assert names[0] == "seizures"
    assert sorted(names) == sorted(table.name for table in load_questionnaire().tables)


def test_rows_below_a_cover_that_states_a_nil_return_count_with_a_warning(tmp_path: Path) -> None:
    text = "Nothing to report;yes\n" + ";".join(HEADINGS) + "\n2024-05-01;героин;1;кг\n"
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", text.encode())
    assert findings_of(reading) == [("warning", "nil_contradicted", None)]
    assert [(part.table_name, part.row_count) for part in reading.landings] == [("seizures", 1)]


def test_nothing_to_report_beside_a_sheet_that_nobody_can_read_is_no_nil_return(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Nil return", "yes"])
    book.create_sheet("Отчёт").append(["что", "где", "когда", "сколько"])
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.xlsx", book)
    assert findings_of(reading) == [("error", "table_unknown", None)]


def test_headings_without_rows_are_a_nil_return(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", ";".join(HEADINGS).encode())
    assert (reading.findings, [part.row_count for part in reading.landings]) == ((), [0])


def test_country_of_the_cover_never_becomes_part_of_a_path(tmp_path: Path) -> None:
    text = "Страна;../../../x\n" + ";".join(HEADINGS) + "\n2024-05-01;героин;1;кг\n"
    reading = reading_of(tmp_path, "2024-05.csv", text.encode())
    assert reading.submission.submission_id.startswith("UNKNOWN-2024-05-")
    assert [part.path.parent for part in reading.landings] == [tmp_path]
    assert findings_of(reading) == [("warning", "cover_unclear", None), ("error", "country_unknown", None)]


def test_contradiction_and_closed_version_are_reported(tmp_path: Path) -> None:
    text = "Version;0\nCountry;Uzbekistan\n" + ";".join(HEADINGS) + "\n"
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", text.encode())
    assert findings_of(reading) == [("error", "identity_contradicted", None), ("error", "version_closed", None)]


def test_file_that_cannot_be_read_is_one_finding_with_its_identity(tmp_path: Path) -> None:
    text = ";".join(HEADINGS) + '\n2024-05-01;героин;1;кг\n2024-05-02;"героин;1;кг\n'
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", text.encode())
    assert (reading.landings, findings_of(reading)) == ((), [("error", "file_unreadable", None)])
    assert reading.submission.submission_id.startswith("KAZ-2024-05-")
    assert reading.findings[0].arguments["row"] == 3


def test_row_of_absurd_length_is_refused(tmp_path: Path) -> None:
    record = dict(zip(FIELDS, ["2024-05-01", "x" * 5_000_000, "1", "kg"], strict=True))
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.json", json.dumps([record]).encode())
    assert findings_of(reading) == [("error", "file_unreadable", None)]


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    folder = tmp_path_factory.mktemp("golden")
    codelists = shutil.copytree(Settings().codelists, folder / "seeds")
    add_countries(codelists)
    readings = {}
    for path in write_inbox(folder / "inbox"):
        name = path.relative_to(folder / "inbox").as_posix()
        request = request_for(folder, name, path.read_bytes())
        readings[name] = read_file(replace(request, codelists=codelists))
    return readings


def golden_table(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_golden_submissions_are_read_whole(golden: dict[str, Reading]) -> None:
    received = {name: sum(part.row_count for part in reading.landings) for name, reading in golden.items()}
    assert received == {row["file_name"]: int(row["received_count"]) for row in golden_table("outcomes.csv")}


def test_country_is_added_by_a_row_of_its_codelist(golden: dict[str, Reading]) -> None:
    for name, reading in golden.items():
        given = reading.submission
        assert f"{given.country_code}_{given.reporting_month:%Y-%m}" == Path(name).stem.removesuffix("_revised")
        assert [finding.message for finding in reading.findings if finding.severity == "error"] == []


def test_golden_rows_that_are_no_data_are_findings(golden: dict[str, Reading]) -> None:
    expected = [
        (row["file_name"], int(row["source_row"]), row["rule"], row["value"])
        for row in golden_table("findings.csv")
        if row["rule"] in ("note", "total_row")
    ]
    assert expected == [
        (name, finding.source_row, finding.rule, finding.value)
        for name, reading in golden.items()
        for finding in reading.findings
    ]


def test_a_copy_in_the_vault_that_is_not_what_was_received_is_not_read(tmp_path: Path) -> None:
    request = request_for(tmp_path, "KAZ/KAZ_2024-01.csv", b"Date;Drug;Quantity;Unit\n2024-01-05;heroin;1;kg\n")
    request.path.write_bytes(request.path.read_bytes().replace(b";1;", b";9;"))
    with pytest.raises(RuntimeError, match="does not hold the bytes that were received"):
        read_file(request)


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Отчёт"], HEADINGS, ["2024-05-01", "героин", "1", "кг"], ["2024-05-02", "опий", "2", "кг"], []):
        book.active.append(row)
    for number in (1, 4, 5):  # a title, a row and an empty one
        book.active.row_dimensions[number].hidden = True
    book.active.column_dimensions["C"].hidden = True
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.xlsx", book)
    assert [part.row_count for part in reading.landings] == [2]
    rows, columns = reading.findings
    assert (rows.rule, rows.arguments) == ("rows_hidden", {"count": 1, "row": 4})
    assert (columns.rule, columns.arguments) == ("columns_hidden", {"titles": {"en": "Quantity", "ru": "Количество"}})


def test_a_heading_near_a_question_is_proposed_as_its_heading(tmp_path: Path) -> None:
    content = "Date;Drug;Quantity;Unit;Provinse\n2024-01-05;heroin;1;kg;Almaty\n"
    [finding] = read_file(request_for(tmp_path, "KAZ/KAZ_2024-01.csv", content.encode())).findings
    assert (finding.rule, finding.proposal) == ("column_unknown", Proposal("heading", heading="admin_division"))
    table, proposal = load_questionnaire().table("seizures"), finding.proposal
    assert proposal is not None
    assert describe_proposal(proposal, table, finding.field).ru == "заголовок «Область»"
