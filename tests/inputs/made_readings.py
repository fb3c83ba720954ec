"""Readings of small csv files, as the ledger takes them."""

import csv
import hashlib
import io
from datetime import datetime
from pathlib import Path

from warehouse.intake.landing import Reading, Request, read_file
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

QUESTIONNAIRE = load_questionnaire()
HEADINGS = ["Дата изъятия", "Наркотик", "Количество", "Единица измерения", "Эксперт"]
FIRST = ["2024-05-01", "героин", "1", "кг", ""]


def reading_of(folder: Path, file_name: str, content: bytes) -> Reading:
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    path.write_bytes(content)
    return read_file(Request(path, sha256, len(content), file_name, datetime(2024, 7, 1), Settings().codelists, folder))


def csv_of(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)
