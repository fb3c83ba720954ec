"""Forms written for tests, filled in as a script would, and read back by the house's own reader."""

import csv
import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from postgres import miss

from warehouse.forms.edition import FormEdition
from warehouse.forms.table_sheet import FIRST_ROW, HEADING_ROW, Texts
from warehouse.forms.template import write_template
from warehouse.intake.landing import Reading, Request, read_file
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.language import Bilingual, FormLanguage, in_language
from warehouse.storage.settings import Settings
from warehouse.words.form_words import heading

QUESTIONNAIRE = load_questionnaire()
CODELISTS = Settings().codelists
MAY = date(2024, 5, 1)
LANGUAGES: tuple[FormLanguage, ...] = ("ru", "en", "both")

Rows = Sequence[Mapping[str, Any]]


def edition_of(language: FormLanguage = "ru", country_code: str = "TJK", period: date | None = MAY) -> FormEdition:
    return FormEdition(country_code, period, language, QUESTIONNAIRE, CODELISTS)


def written(
    path: Path, language: FormLanguage = "ru", country_code: str = "TJK", period: date | None = MAY, **options: Any
) -> Path:
    """Write a form; the same one is made once, as its bytes are the same each time."""
    path.write_bytes(_form(language, country_code, period, **options))
    return path


@cache
def _form(language: FormLanguage, country_code: str, period: date | None, **options: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_template(
            path, country_code, period=period, language=language, questionnaire=QUESTIONNAIRE, codelists=CODELISTS,
            **options,
        )  # fmt: skip
        return path.read_bytes()


def fill(path: Path, answers: Mapping[str, Rows], edition: FormEdition) -> None:
    """Type answers into the tables of a form, each into the column that bears its heading."""
    book = load_workbook(path)
    for name, rows in answers.items():
        table = QUESTIONNAIRE.table(name)
        sheet = book[edition.sheet_name(table)]
        columns = {cell.value: cell.column for cell in sheet[HEADING_ROW + 1]}
        widths = sheet.column_dimensions.values()
        looks = {column: found._style for found in widths for column in range(found.min, found.max + 1)}
        for number, row in enumerate(rows, start=FIRST_ROW + 1):
            for field, value in row.items():
                cell = sheet.cell(number, columns[in_language(heading(table.field(field)), edition.order[0])])
                if not cell.has_style:  # below the rows of the first page the column says how a new cell looks
                    cell._style = copy(looks[cell.column])
                cell.value = value
                assert not cell.protection.locked
                if isinstance(value, str):
                    cell.data_type = "s"  # what is typed into a cell of text is no formula either
    book.save(path)


def answer_cover(path: Path, answers: Mapping[Bilingual, str]) -> None:
    """Answer questions on the cover of a form: label → answer."""
    book = load_workbook(path)
    for label, answer in answers.items():
        [row] = [row for row in book.worksheets[0].iter_rows() if label.en in re.split(" / ", str(row[0].value))]
        cell = next(cell for cell in row if not cell.protection.locked)
        cell.value = answer
    book.save(path)


def read(path: Path, folder: Path, file_name: str = "form.xlsx", codelists: Path = CODELISTS) -> Reading:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return read_file(Request(path, digest, len(content), file_name, datetime(2024, 6, 10), codelists, folder))


def rows_of(reading: Reading) -> dict[str, list[dict[str, str]]]:
    """Return what was landed: table → rows of field → text, without what is empty."""
    tables = {}
    for part in reading.landings:
        names = ["id", "sheet", "row", *(field.name for field in QUESTIONNAIRE.table(part.table_name).fields), "extra"]
        with part.path.open(encoding="utf-8", newline="") as file:
            rows = [dict(zip(names, row, strict=True)) for row in csv.reader(file)]
        tables[part.table_name] = [{key: row[key] for key in names[3:] if row[key]} for row in rows]
    return tables


def texts_of(rows: Rows) -> Texts:
    """Return rows of field → text as a form takes them: field → its text in every row."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def saved_by_libreoffice(paths: Sequence[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """Open workbooks in LibreOffice, started once for all of them, and save them into a folder in a format."""
    program = shutil.which("soffice")
    if program is None:
        miss("LibreOffice")
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    command = [program, home, "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [folder / f"{path.stem}.{kind}" for path in paths]
