import csv
import json
import zipfile
from pathlib import Path

import pytest
from filled_forms import (
    PERSONAL,
    TABLES,
    WRITERS,
    Filled,
    central_record,
    central_rows,
    central_tables,
    csv_text,
    full_forms,
    full_row,
    kobo_record,
    write_kobo_csv,
    write_kobo_json,
)
from written_forms import QUESTIONNAIRE, read, rows_of

from warehouse.exports.odk_export import convert_export
from warehouse.files.sheet import Sheet
from warehouse.findings.messages import describe_finding
from warehouse.intake.landing import Reading

SEIZURE = full_row("seizures", 1)


def exported(tmp_path: Path, shape: str, *forms: Filled, name: str = "TJK/export") -> Reading:
    path = tmp_path / "export"
    WRITERS[shape](path, forms)
    return read(path, tmp_path, name)


def rules_of(reading: Reading) -> list[tuple[str, str]]:
    return [(finding.severity, finding.rule) for finding in reading.findings]


def answers_of(reading: Reading) -> dict[str, list[dict[str, str]]]:
    rows = rows_of(reading)
    return {table: [{k: v for k, v in row.items() if k != "extra"} for row in part] for table, part in rows.items()}


@pytest.mark.parametrize("shape", WRITERS)
def test_every_answer_comes_back_unchanged_without_a_finding(shape: str, tmp_path: Path) -> None:
    forms = full_forms()
    reading = exported(tmp_path, shape, *forms)
    assert rules_of(reading) == []
    expected = {name: [row for form in forms for row in form.rows.get(name, ())] for name in TABLES}
    assert answers_of(reading) == expected
    given = reading.submission
    assert (given.country_code, str(given.reporting_month), given.revision) == ("TJK", "2024-05-01", 0)
    assert given.questionnaire_version == QUESTIONNAIRE.version


@pytest.mark.parametrize("shape", WRITERS)
def test_row_leads_back_to_its_form_and_to_no_person(shape: str, tmp_path: Path) -> None:
    reading = exported(tmp_path, shape, *full_forms())
    landed = [part.path.read_text(encoding="utf-8") for part in reading.landings]
    assert [word for word in PERSONAL for text in landed if word in text] == []
    extras = [json.loads(row["extra"]) for row in rows_of(reading)["seizures"]]
    uuids = [{value.removeprefix("uuid:") for value in extra.values()} for extra in extras]
    for found, number in zip(uuids, (1, 1, 2), strict=True):
        assert f"00000000-0000-4000-8000-{number:012d}" in found
    assert all(any(value.startswith("2024-06-01T05:21:00") for value in extra.values()) for extra in extras)


@pytest.mark.parametrize("shape", WRITERS)
def test_nil_return(shape: str, tmp_path: Path) -> None:
    reading = exported(tmp_path, shape, Filled(1, {"nil_return": "YES"}), Filled(2, {"nil_return": "YES"}))
    assert rules_of(reading) == []
    assert [(part.table_name, part.row_count) for part in reading.landings] == [(name, 0) for name in TABLES]


@pytest.mark.parametrize("shape", WRITERS)
def test_table_is_empty_if_an_answer_says_so_and_not_for_want_of_rows(shape: str, tmp_path: Path) -> None:
    officers = (
        Filled(1, has_rows={"seizures": "YES", "staff": "NO"}, rows={"seizures": [SEIZURE]}),
        Filled(2, has_rows={"seizures": "NO", "prices": "NO"}),
        Filled(3, {"nil_return": "YES"}),
    )
    reading = exported(tmp_path, shape, *officers)
    assert rules_of(reading) == []
    assert {part.table_name: part.row_count for part in reading.landings} == {"seizures": 1, "staff": 0, "prices": 0}


@pytest.mark.parametrize("shape", WRITERS)
def test_contradictions_between_forms_are_found(shape: str, tmp_path: Path) -> None:
    rows = {"seizures": [SEIZURE]}
    june, kazakh = Filled(2, {"period": "2024-06-01"}, rows=rows), Filled(3, {"country": "KAZ"}, rows=rows)
    reading = exported(tmp_path, shape, Filled(1, rows=rows), june, kazakh, Filled(4, rows=rows), name="export")
    assert rules_of(reading) == [("error", "identity_contradicted")] * 2
    country, period = (describe_finding(finding, "en", QUESTIONNAIRE) for finding in reading.findings)
    assert "record 1 says country TJK, record 3 says KAZ" in country
    assert "record 1 says period 2024-05, record 2 says 2024-06" in period


@pytest.mark.parametrize("shape", WRITERS)
def test_form_with_rows_that_states_a_nil_return(shape: str, tmp_path: Path) -> None:
    contradicting = Filled(2, {"nil_return": "YES"}, rows={"seizures": [SEIZURE]})
    reading = exported(tmp_path, shape, Filled(1, rows={"seizures": [SEIZURE]}), contradicting)
    assert rules_of(reading) == [("warning", "nil_contradicted")]


def test_folder_and_file_name_count_too(tmp_path: Path) -> None:
    forms = full_forms()
    assert rules_of(exported(tmp_path, "ODK Central zip", *forms, name="TJK/TJK_2024-05.zip")) == []
    reading = exported(tmp_path, "ODK Central zip", *forms, name="KAZ/KAZ_2024-05.zip")
    assert rules_of(reading) == [("error", "identity_contradicted")]


def test_highest_revision_counts_and_a_closed_version_is_reported(tmp_path: Path) -> None:
    rows = {"seizures": [SEIZURE]}
    older = Filled(2, {"version": "0", "revision": "2"}, rows=rows)
    reading = exported(tmp_path, "KoboToolbox JSON", Filled(1, {"revision": "10"}, rows=rows), older)
    assert (reading.submission.revision, rules_of(reading)) == (10, [("error", "version_closed")])


@pytest.mark.parametrize("shape", WRITERS)
def test_reason_stands_where_the_figure_is_missing(shape: str, tmp_path: Path) -> None:
    unknown = {**SEIZURE, "quantity": "", "quantity_missing": "NOT_KNOWN"}
    both = {**SEIZURE, "quantity_missing": "NOT_STATED"}
    reading = exported(tmp_path, shape, Filled(1, rows={"seizures": [unknown, both]}))
    assert rules_of(reading) == []
    rows = rows_of(reading)["seizures"]
    assert [row["quantity"] for row in rows] == ["NOT_KNOWN", SEIZURE["quantity"]]
    assert "NOT_STATED" in json.loads(rows[1]["extra"]).values()
    assert "NOT_STATED" not in rows[0]["extra"]


@pytest.mark.parametrize("table", TABLES)
def test_repeat_of_odk_central_in_a_file_of_its_own(table: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(csv_text(central_tables(full_forms())[f"sarai_TJK-{table}.csv"]), encoding="utf-8")
    reading = read(path, tmp_path, f"TJK/sarai_TJK-{table}_2024-05.csv")
    assert rules_of(reading) == []
    numbers = (1, 2, 3) if table == "seizures" else (1, 2)
    assert answers_of(reading) == {table: [full_row(table, number) for number in numbers]}
    assert '"PARENT_KEY":"uuid:' in rows_of(reading)[table][0]["extra"]


@pytest.mark.parametrize("table", TABLES)
def test_repeat_of_odata_in_a_document_of_its_own(table: str, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    rows = [row for form in full_forms() if table in form.rows for row in central_rows(form, table)]
    context = f"https://central.example.org/v1/projects/1/forms/sarai_TJK.svc/$metadata#Submissions.{table}"
    path.write_text(json.dumps({"value": rows, "@odata.context": context}), encoding="utf-8")
    reading = read(path, tmp_path, "TJK/TJK_2024-05.json")
    assert rules_of(reading) == []
    assert len(answers_of(reading)[table]) == len(rows)


def test_rows_keep_the_numbers_of_their_file(tmp_path: Path) -> None:
    [headings, *rows] = central_tables(full_forms())["sarai_TJK-seizures.csv"]
    empty = ["" for _ in headings[:-2]] + rows[0][-2:]
    path = tmp_path / "export.csv"
    path.write_text(csv_text([headings, empty, rows[0]]), encoding="utf-8")
    [part] = read(path, tmp_path, "TJK/TJK_2024-05.csv").landings
    with part.path.open(encoding="utf-8", newline="") as file:
        assert [row[2] for row in csv.reader(file)] == ["3"]


def test_question_that_somebody_added_is_kept_and_reported_once(tmp_path: Path) -> None:
    record = kobo_record(Filled(1, rows={"seizures": [SEIZURE]}))
    record["seizures"][0]["seizures/weather"] = "rain"
    record["witnesses"] = [{"witnesses/age": "40"}]
    path = tmp_path / "export.json"
    path.write_text(json.dumps([record]), encoding="utf-8")
    reading = read(path, tmp_path, "TJK/export.json")
    assert rules_of(reading) == [("warning", "column_unknown"), ("warning", "sheet_unknown")]
    assert reading.findings[0].value == "weather"
    assert json.loads(rows_of(reading)["seizures"][0]["extra"])["weather"] == "rain"


def why_unreadable(path: Path, tmp_path: Path) -> str:
    [finding] = [f for f in read(path, tmp_path, "TJK/TJK_2024-05.x").findings if f.rule == "file_unreadable"]
    return describe_finding(finding, "en", QUESTIONNAIRE)


def test_records_without_their_rows_are_refused_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    write_kobo_csv(path, full_forms())
    assert "first page of 2 records and none of their rows" in why_unreadable(path, tmp_path)
    path.write_text(csv_text(central_tables(full_forms())["sarai_TJK.csv"]), encoding="utf-8")
    assert "a zip of all tables" in why_unreadable(path, tmp_path)


def test_a_form_without_repeats_holds_its_rows_in_its_records(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "start;Date of seizure;Drug or substance;Quantity;Unit;_id;_uuid;_index\n"
        "2024-05-04T10:00:00;2024-05-03;Heroin;1.2;kg;101;0c1f;1\n",
        encoding="utf-8",
    )
    reading = read(path, tmp_path, "TJK/TJK_2024-05.csv")
    assert [(part.table_name, part.row_count) for part in reading.landings] == [("seizures", 1)]
    assert rules_of(reading) == []


def test_nil_return_needs_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    write_kobo_csv(path, [Filled(1, {"nil_return": "YES"})])
    reading = read(path, tmp_path, "TJK/export.csv")
    assert (rules_of(reading), len(reading.landings)) == ([], len(TABLES))


def test_export_without_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    write_kobo_json(path, [])
    assert "no record" in why_unreadable(path, tmp_path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, [headings, *_] in central_tables(full_forms()).items():
            archive.writestr(name, csv_text([headings]))
    assert "no record" in why_unreadable(path, tmp_path)


def test_other_files_are_left_alone() -> None:
    sheets = [Sheet("Seizures", [["Record number", "Status", "Quantity"], ["1", "new", "2"]]), Sheet("", [])]
    assert convert_export(sheets, QUESTIONNAIRE) == sheets


def test_links_to_rows_are_no_rows(tmp_path: Path) -> None:
    record = central_record(full_forms()[0])
    del record["prices"]
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"value": [record], "@odata.context": "x#Submissions"}), encoding="utf-8")
    assert "the rows of prices are not in the file, only links" in why_unreadable(path, tmp_path)


@pytest.mark.parametrize(("country", "yes", "no"), [("Таджикистан", "Да", "Нет"), ("Tajikistan", "Yes", "No")])
def test_labels_mean_the_same_as_codes(country: str, yes: str, no: str, tmp_path: Path) -> None:
    shape = "KoboToolbox XLSX, Russian with groups"
    cover = {"country": country, "nil_return": no}
    answered_no = Filled(1, cover, {"seizures": yes, "staff": no}, {"seizures": [{**SEIZURE, "agency": "ГКНБ"}]})
    reading = exported(tmp_path, shape, answered_no, Filled(2, {"country": country, "nil_return": yes}))
    assert rules_of(reading) == []
    assert {part.table_name: part.row_count for part in reading.landings} == {"seizures": 1, "staff": 0}
    assert rows_of(reading)["seizures"][0]["agency"] == "ГКНБ"
