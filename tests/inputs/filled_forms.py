"""Filled XLSForms as KoboToolbox and ODK Central export them: the same answers in every documented shape.

Users, devices and coordinates are invented.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from written_forms import QUESTIONNAIRE, edition_of

from warehouse.forms.choices import offered
from warehouse.forms.xlsform_questions import survey_rows
from warehouse.questionnaire.definition import Field

Answers = Mapping[str, str]

OFFICER, DEVICE, PLACE = "officer_of_the_post", "collect:Xy12Device", "38.5598 68.7870"
PERSONAL = (OFFICER, DEVICE, "38.5598", "attachments/photo.jpg", "seen by")
TABLES = {table.name: table for table in QUESTIONNAIRE.tables}


@dataclass(frozen=True)
class Filled:
    """One form as an officer sent it: cover, table → yes or no, table → rows."""

    number: int
    cover: Answers = field(default_factory=dict)
    has_rows: Answers = field(default_factory=dict)
    rows: Mapping[str, Sequence[Answers]] = field(default_factory=dict)

    @property
    def uuid(self) -> str:
        return f"00000000-0000-4000-8000-{self.number:012d}"

    @property
    def header(self) -> dict[str, str]:
        asked = {"country": "TJK", "period": "2024-05-01", "revision": "0", "nil_return": "NO", "version": "1"}
        return {"no_names": "", **asked, **self.cover}


@cache
def codes_of(codelist: str) -> list[str]:
    return [entry["code"] for entry in offered(edition_of("both", period=None), codelist)]


@cache
def questions() -> dict[tuple[str, str], dict[str, str]]:
    """Return group and name → row of the survey sheet."""
    found, group = {}, ""
    for row in survey_rows(edition_of("both", period=None)):
        group = row["name"] if row["type"].startswith("begin") else group
        if "name" in row:
            found[group, row["name"]] = row
    return found


def names_of(table: str) -> list[str]:
    return [name for group, name in questions() if group == table != name]


def answer(asked: Field, number: int) -> str:
    """Return an answer that the form lets pass."""
    if asked.codelist:
        codes = codes_of(asked.codelist)
        return codes[number % len(codes)]
    return {"number": f"{number}.50", "integer": f"{number}", "date": f"2024-05-{number:02d}"}.get(
        asked.type, f'Ответ {number}; "{asked.name}",\nещё строка'
    )


def full_row(table: str, number: int) -> dict[str, str]:
    return {asked.name: answer(asked, number) for asked in TABLES[table].fields if asked.asked}


def full_forms() -> list[Filled]:
    """Two officers who together answer every question of every table, one table by one of them alone."""
    has_rows = dict.fromkeys(TABLES, "YES")
    first = Filled(1, has_rows=has_rows, rows={name: [full_row(name, 1), full_row(name, 2)] for name in TABLES})
    second = Filled(2, has_rows={"seizures": "YES"}, rows={"seizures": [full_row("seizures", 3)]})
    return [first, second]


def kobo_record(form: Filled) -> dict[str, Any]:
    """Return a record as formpack's fixtures and the API of KoboToolbox have it: keys are whole paths."""
    return {
        "_id": 4700 + form.number,
        "formhub/uuid": "9b35920b74c34e60ac6ade6ac7224332",
        "start": "2024-06-01T10:00:00.000+05:00",
        "end": "2024-06-01T10:20:00.000+05:00",
        **{f"header/{name}": text for name, text in form.header.items() if text},
        **{f"contents/has_{name}": text for name, text in form.has_rows.items()},
        **{
            name: [{f"{name}/{key}": text for key, text in row.items() if text} for row in rows]
            for name, rows in form.rows.items()
        },
        "deviceid": DEVICE,
        "username": OFFICER,
        "__version__": "vJ2h57HfcaRTLpCX3xz2Hh",
        "meta/instanceID": f"uuid:{form.uuid}",
        "meta/instanceName": "TJK 2024-05",
        "_xform_id_string": "aNdpuv5XkgBg4VmdvRXJ2Z",
        "_uuid": form.uuid,
        "_attachments": [{"filename": f"{OFFICER}/attachments/photo.jpg", "mimetype": "image/jpeg"}],
        "_status": "submitted_via_web",
        "_geolocation": [38.5598, 68.7870],
        "_submission_time": "2024-06-01T05:21:00",
        "_tags": [],
        "_notes": [{"note": "seen by"}],
        "_validation_status": {"by_whom": OFFICER},
        "_submitted_by": OFFICER,
    }


def write_kobo_json(path: Path, forms: Sequence[Filled]) -> None:
    results = [kobo_record(form) for form in forms]
    page = {"count": len(results), "next": None, "previous": None, "results": results}
    path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")


def write_kobo_list(path: Path, forms: Sequence[Filled]) -> None:
    path.write_text(json.dumps([kobo_record(form) for form in forms], ensure_ascii=False), encoding="utf-8")


def kobo_sheets(forms: Sequence[Filled], named: Callable[[str, str], str]) -> dict[str, list[list[str]]]:
    """Return sheet → rows as formpack writes them; ``named`` gives the heading of group and question."""
    copied = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by",
              "__version__", "_tags"]  # fmt: skip
    header = list(forms[0].header)
    headings = ["start", "end", *(named("header", name) for name in header)]
    headings += [*(named("contents", f"has_{name}") for name in TABLES), "username", "deviceid", *copied, "_index"]
    sheets = {"Единый вопросник": [headings]}
    for form in forms:
        record = kobo_record(form)
        tail = [*(str(record[name]) for name in ("username", "deviceid", *copied)), str(form.number)]
        has_rows = [form.has_rows.get(name, "") for name in TABLES]
        sheets["Единый вопросник"].append(
            [record["start"], record["end"], *(form.header[name] for name in header), *has_rows, *tail]
        )
        for table, rows in form.rows.items():
            asked = names_of(table)
            own = ["_index", "_parent_table_name", "_parent_index", *(f"_submission_{name}" for name in copied)]
            sheet = sheets.setdefault(table, [[*(named(table, name) for name in asked), *own]])
            for row in rows:
                place = [str(len(sheet)), "Единый вопросник", str(form.number)]
                sheet.append([*(row.get(name, "") for name in asked), *place, *(str(record[name]) for name in copied)])
    return sheets


def write_kobo_xlsx(path: Path, forms: Sequence[Filled], named: Callable[[str, str], str]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in kobo_sheets(forms, named).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    with path.open("wb") as file:
        book.save(file)


def by_name(_group: str, name: str) -> str:
    return name


def by_path(group: str, name: str) -> str:
    return f"{group}/{name}"


def by_label(column: str, *, with_group: bool) -> Callable[[str, str], str]:
    """Return how headings read when labels are exported, in English or in Russian."""
    labels = {key: row[f"label::{column}"] for key, row in questions().items()}

    def named(group: str, name: str) -> str:
        return f"{labels[group, group]}/{labels[group, name]}" if with_group else labels[group, name]

    return named


def write_kobo_csv(path: Path, forms: Sequence[Filled]) -> None:
    rows = kobo_sheets(forms, by_path)["Единый вопросник"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)


def central_tables(forms: Sequence[Filled]) -> dict[str, list[list[str]]]:
    """Return file → rows of ODK Central's export: every repeat has its file, with headings alone where it is empty."""
    header = list(forms[0].header)
    root = [["SubmissionDate", *(f"header-{name}" for name in header), *(f"contents-has_{name}" for name in TABLES),
             "meta-instanceID", "meta-instanceName", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent",
             "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"]]  # fmt: skip
    files = {"sarai_TJK.csv": root}
    for table in TABLES:
        files[f"sarai_TJK-{table}.csv"] = [[*names_of(table), "PARENT_KEY", "KEY"]]
    for form in forms:
        key = f"uuid:{form.uuid}"
        has_rows = [form.has_rows.get(name, "") for name in TABLES]
        root.append(["2024-06-01T05:21:00.000Z", *form.header.values(), *has_rows,
                     key, "TJK 2024-05", key, "5", OFFICER, "0", "0", "", "", DEVICE, "0", "1-0a1b2c3d"])  # fmt: skip
        for table, rows in form.rows.items():
            sheet = files[f"sarai_TJK-{table}.csv"]
            for number, row in enumerate(rows, start=1):
                answers = [row.get(name, "") for name in names_of(table)]
                sheet.append([*answers, key, f"{key}/{table}[{number}]"])
    return files


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def write_central_zip(path: Path, forms: Sequence[Filled]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in central_tables(forms).items():
            archive.writestr(name, csv_text(rows))
        archive.writestr("media/photo.jpg", b"\xff\xd8")


def central_record(form: Filled) -> dict[str, Any]:
    """Return a record as OData has it with $expand=*: groups are nested and figures are numbers."""
    key = f"uuid:{form.uuid}"
    return {
        "__id": key,
        "__system": {"submissionDate": "2024-06-01T05:21:00.000Z", "updatedAt": None, "submitterId": "5",
                     "submitterName": OFFICER, "attachmentsPresent": 0, "attachmentsExpected": 0, "status": None,
                     "reviewState": None, "deviceId": DEVICE, "edits": 0, "formVersion": "1-0a1b2c3d"},
        "header": {name: text or None for name, text in form.header.items()},
        "contents": {f"has_{name}": form.has_rows.get(name) for name in TABLES},
        **{f"{name}@odata.navigationLink": f"Submissions('{key}')/{name}" for name in form.rows},
        **{name: central_rows(form, name) for name in form.rows},
        "meta": {"instanceID": key, "instanceName": "TJK 2024-05"},
    }  # fmt: skip


def central_rows(form: Filled, table: str) -> list[dict[str, Any]]:
    return [
        {"__id": f"{table}{number}of{form.number}", "__Submissions-id": f"uuid:{form.uuid}",
         **{name: row.get(name) or None for name in names_of(table)}}
        for number, row in enumerate(form.rows[table], start=1)
    ]  # fmt: skip


def write_central_odata(path: Path, forms: Sequence[Filled]) -> None:
    context = "https://central.example.org/v1/projects/1/forms/sarai_TJK.svc/$metadata#Submissions"
    document = {"value": [central_record(form) for form in forms], "@odata.context": context}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


WRITERS: dict[str, Callable[[Path, Sequence[Filled]], None]] = {
    "KoboToolbox JSON": write_kobo_json,
    "KoboToolbox list": write_kobo_list,
    "KoboToolbox XLSX, names": lambda path, forms: write_kobo_xlsx(path, forms, by_name),
    "KoboToolbox XLSX, names with groups": lambda path, forms: write_kobo_xlsx(path, forms, by_path),
    "KoboToolbox XLSX, English": lambda path, forms: write_kobo_xlsx(
        path, forms, by_label("English (en)", with_group=False)
    ),
    "KoboToolbox XLSX, Russian with groups": lambda path, forms: write_kobo_xlsx(
        path, forms, by_label("Russian (ru)", with_group=True)
    ),
    "ODK Central zip": write_central_zip,
    "ODK Central OData": write_central_odata,
}
