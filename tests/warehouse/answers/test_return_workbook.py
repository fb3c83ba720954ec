"""The return workbook: what was sent, letter by letter and never as a formula, with its bad cells marked."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl import load_workbook
from written_forms import LANGUAGES, QUESTIONNAIRE, edition_of, read, rows_of, texts_of

from warehouse.answers.return_workbook import Answers, Mark, write_return_workbook
from warehouse.findings.return_sheet_words import REPLY_COLUMN
from warehouse.forms.table_sheet import FIRST_ROW, RULED_ROWS
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import FormLanguage

FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@x",
    "=1+1",
    "{=1}",
    "\t=1",
    "http://example.org",
    "mailto:x@example.org",
    "<r><t>x</t></r>",
    "<r>&</r>",
    "_x0041_",
]
UNREADABLE = Words(en="“12,5 кг” is not a number.", ru="«12,5 кг» не число.")
UNKNOWN = Words(en="Not in the list.", ru="Нет в списке.")
LARGE = Words(en="58 times the usual.", ru="В 58 раз больше обычного.")
ROWS = [
    {"record_id": "N-1", "seizure_date": "2024-05-03", "drug": "героин", "quantity": "0.152", "unit": "кг"},
    {"record_id": "0002", "seizure_date": "12.04.24", "drug": "порошок", "quantity": "12,5 кг", "unit": "кг"},
]
MARKS = [
    Mark("warning", "quantity_implausible", LARGE, "seizures", 0, "quantity", "0.152", "confirmed"),
    Mark("error", "value_unreadable", UNREADABLE, "seizures", 1, "quantity", "12,5 кг", reference="3f9a1c2b4d"),
    Mark("warning", "quantity_implausible", LARGE, "seizures", 1, "quantity", "12,5 кг"),
    Mark("error", "code_unknown", UNKNOWN, "seizures", 1, "drug", "порошок"),
    Mark("warning", "row_repeated", LARGE, "seizures", 1),
    Mark("warning", "table_thin", LARGE, "prices"),
    Mark("warning", "column_thin", LARGE, "prices", None, "currency"),
    Mark("error", "period_unknown", UNKNOWN),
]


def returned(path: Path, answers: Answers, language: FormLanguage = "ru") -> Any:
    write_return_workbook(path, edition_of(language), answers)
    return load_workbook(path)


def answer_cell(sheet: Any, row: int, title: str) -> Any:
    column = next(cell.column for cell in sheet[FIRST_ROW - 1] if cell.value.removesuffix("\u00a0*") == title)
    return sheet.cell(FIRST_ROW + 1 + row, column)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_sent_is_sent_back_and_read_again_without_findings(language: FormLanguage, tmp_path: Path) -> None:
    nil = ["prices", "staff"]
    returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(ROWS)}, MARKS, nil_tables=nil), language)
    reading = read(tmp_path / "return.xlsx", tmp_path)
    assert reading.findings == ()
    assert rows_of(reading)["seizures"] == ROWS
    assert [(part.table_name, part.is_nil) for part in reading.landings] == [
        ("seizures", False), ("prices", True), ("staff", True)
    ]  # fmt: skip


def test_bad_cells_are_coloured_by_the_worst_finding_and_say_all(tmp_path: Path) -> None:
    sheet = returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(ROWS)}, MARKS))["Изъятия"]
    marked = {
        (cell.coordinate, cell.fill.fgColor.rgb, cell.comment.text)
        for row in sheet.iter_rows(min_row=FIRST_ROW + 1)
        for cell in row
        if cell.comment
    }
    quantity, drug = (answer_cell(sheet, 1, title).coordinate for title in ("Количество", "Наркотик"))
    assert marked == {
        (answer_cell(sheet, 0, "Количество").coordinate, "FFFDF2D0", "В 58 раз больше обычного."),
        (quantity, "FFFBE3E4", "«12,5 кг» не число.\n\nВ 58 раз больше обычного."),
        (drug, "FFFBE3E4", "Нет в списке."),
        ("A7", "FFFDF2D0", "В 58 раз больше обычного."),
    }
    assert not answer_cell(sheet, 1, "Количество").protection.locked


def test_comments_speak_the_chosen_languages(tmp_path: Path) -> None:
    book = returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(ROWS)}, MARKS[3:4]), "both")
    assert answer_cell(book["Изъятия"], 1, "Наркотик").comment.text == "Нет в списке.\nNot in the list."


def test_findings_are_listed_errors_first_in_both_languages_with_links_and_replies(tmp_path: Path) -> None:
    book = returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(ROWS)}, MARKS), "en")
    sheet = book.active
    assert sheet.title == "Instructions (what to correct)"
    assert sheet["A1"].value == "3 to correct, 5 to confirm"
    assert sheet["A2"].value == "Исправить: 3, подтвердить: 5"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]
    assert [row[0] for row in rows] == ["E01", "E02", "E03", "W04", "W05", "W06", "W07", "W08"]
    assert rows[0] == [
        "E01", "Correct\nИсправить", "Seizures H7", "Quantity\nКоличество", "12,5 кг", None,
        UNREADABLE.en, UNREADABLE.ru, "value_unreadable", None, "3f9a1c2b4d",
    ]  # fmt: skip
    assert [row[REPLY_COLUMN] for row in rows[3:5]] == ["confirmed", None]
    links = {row[2].value: row[2].hyperlink.location for row in sheet.iter_rows(min_row=7) if row[2].hyperlink}
    assert links == {
        "Seizures G7": "'Seizures'!G7", "Seizures H7": "'Seizures'!H7", "Seizures H6": "'Seizures'!H6",
        "Seizures A7": "'Seizures'!A7", "Prices A4": "'Prices'!A4", "Prices I4": "'Prices'!I4",
    }  # fmt: skip
    assert rows[2][2] == "the whole file\nвесь файл"
    unlocked = [cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
    assert unlocked == [f"J{row}" for row in range(7, 15)]


def test_nothing_to_correct_is_said(tmp_path: Path) -> None:
    sheet = returned(tmp_path / "return.xlsx", Answers({})).active
    assert (sheet["A1"].value, sheet.max_row) == ("Исправлять нечего", 6)


def test_next_revision_stands_on_the_cover(tmp_path: Path) -> None:
    cover = returned(tmp_path / "return.xlsx", Answers({}, revision=3))["Титульный лист"]
    assert [row[1].value for row in cover.iter_rows() if str(row[0].value).startswith("Номер исправления")] == [3]


@pytest.mark.parametrize("contact", ["Дежурная часть, +992 1, desk@example.org", "=1+1", ""])
def test_whom_to_ask_is_sent_back_and_read_again(contact: str, tmp_path: Path) -> None:
    write_return_workbook(tmp_path / "return.xlsx", edition_of(), Answers({}, contact=contact))
    assert read(tmp_path / "return.xlsx", tmp_path).submission.contact == (contact or None)


def test_mark_on_what_the_questionnaire_does_not_have_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        returned(tmp_path / "return.xlsx", Answers({}, [Mark("error", "x", UNKNOWN, "gifts")]))
    with pytest.raises(KeyError):
        returned(tmp_path / "return.xlsx", Answers({}, [Mark("error", "x", UNKNOWN, "prices", 0, "donor")]))


def test_question_that_is_not_asked_gets_a_column_only_where_it_was_answered(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "stated_country": "Таджикистан"}]
    book = returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(rows)}))
    titles = [cell.value for cell in book["Изъятия"][FIRST_ROW - 1]]
    assert "Страна изъятия" in titles
    assert "Регион" not in titles
    assert rows_of(read(tmp_path / "return.xlsx", tmp_path))["seizures"] == rows


def test_text_of_the_sender_is_never_a_formula_or_a_link(tmp_path: Path) -> None:
    fields = [field.name for field in QUESTIONNAIRE.table("seizures").fields]
    rows = [dict.fromkeys(fields, text) for text in FORMULAS]
    marks = [Mark("error", text, Words(en=text, ru=text), "seizures", 0, "drug", text, text) for text in FORMULAS]
    book = returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(rows)}, marks))
    assert [book.active.cell(row, 5).value for row in range(7, 7 + len(FORMULAS))] == FORMULAS
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    written = [cell for cell in cells if cell.value in FORMULAS]
    assert len(written) >= len(FORMULAS) * len(fields) - 3  # "-1" is a number where a number is asked
    assert [cell.hyperlink for cell in written if cell.hyperlink] == []
    with zipfile.ZipFile(tmp_path / "return.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert [xml for xml in sheets if b"<f" in xml.replace(b"<formula", b"")] == []
    assert rows_of(read(tmp_path / "return.xlsx", tmp_path))["seizures"] == rows


def test_only_what_comes_back_alike_becomes_a_number_or_a_day(tmp_path: Path) -> None:
    kept = [
        "0012",
        "1 234,5",
        "1e3",
        "NaN",
        "-0",
        "0.30000000000000004",
        "١٢",
        "12345678901234567890",
        "1.0",
        "0x1",
        "1_0",
    ]
    rows = [{"record_id": "N", "seizure_date": "20240503", "quantity": text} for text in [*kept, "12.5", "-3", "700"]]
    rows += [
        {"record_id": "N", "seizure_date": text, "quantity": "1"} for text in ("1900-02-28", "2024-W01-1", "2024-05-03")
    ]
    sheet = returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(rows)}))["Изъятия"]
    typed = [answer_cell(sheet, row, "Количество").data_type for row in range(len(rows))]
    assert typed == ["s"] * len(kept) + ["n"] * 6
    assert [answer_cell(sheet, len(rows) - 1 - row, "Дата изъятия").data_type for row in range(4)] == [
        "d",
        "s",
        "s",
        "s",
    ]
    assert rows_of(read(tmp_path / "return.xlsx", tmp_path))["seizures"] == rows


def test_text_longer_than_a_cell_is_cut_there_and_only_there(tmp_path: Path) -> None:
    """Letters beyond the basic plane count 2, and none is cut in half."""
    long, wide = "слово " * 6_000, "x" + "𐍈" * 20_000
    marks = [Mark("warning", "text_too_long", LARGE, "seizures", 0, "notes", long)]
    rows = [
        {**ROWS[0], "notes": long},
        {**ROWS[0], "notes": "одна строка\nдругая"},
        {**ROWS[0], "notes": wide},
    ]
    book = returned(tmp_path / "return.xlsx", Answers({"seizures": texts_of(rows)}, marks))
    first, second, third = rows_of(read(tmp_path / "return.xlsx", tmp_path))["seizures"]
    assert first["notes"] == long[:32_766] + "…"
    assert third["notes"] == wide[:16_383] + "…"
    assert (first["drug"], second["notes"]) == ("героин", rows[1]["notes"])
    heights = [book["Изъятия"].row_dimensions[FIRST_ROW + 1 + row].height for row in range(4)]
    assert heights == [392, 28, 392, None]
    stated = load_workbook(tmp_path / "return.xlsx", read_only=True)
    assert [stated[name].max_row for name in ("Изъятия", "Списки")] == [
        FIRST_ROW + 3 + RULED_ROWS, book["Списки"].max_row,
    ]  # fmt: skip
    assert book["Списки"].max_row > 500


ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufffe\uffff"), min_size=1, max_size=60).filter(
    lambda text: text.strip() != ""
)


@pytest.mark.chance
@settings(max_examples=examples(3, 30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING), min_size=1, max_size=20))
def test_whatever_was_sent_comes_back(tmp_path: Path, texts: list[tuple[str, str, str]]) -> None:
    rows = [{"record_id": "N-1", "drug": drug, "quantity": quantity, "notes": notes} for drug, quantity, notes in texts]
    write_return_workbook(tmp_path / "return.xlsx", edition_of(), Answers({"seizures": texts_of(rows)}))
    assert rows_of(read(tmp_path / "return.xlsx", tmp_path))["seizures"] == rows
