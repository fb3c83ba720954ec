"""Replies: read from a sheet of findings wherever its columns stand, understood in both languages."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from written_forms import CODELISTS, edition_of, read, texts_of

from warehouse.answers.return_workbook import Answers, Mark, write_return_workbook
from warehouse.files.sheet import Sheet
from warehouse.findings.return_sheet_words import FINDINGS_SHEET, REPLY_COLUMN
from warehouse.intake.replies import read_replies, understand
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.definition import Words

LARGE = Words(en="58 times the usual.", ru="В 58 раз больше обычного.")
HEADINGS = ["№", "Правило\nRule", "Прислано / Value sent", "Ваш ответ", "Reference"]


def replies_of(*rows: list[str]) -> list[tuple[str, str, str | None]]:
    sheet = Sheet("Instructions", [["Title"], HEADINGS, *rows])
    return [(reply.reference, reply.text, reply.code) for reply in read_replies(sheet, CODELISTS)]


@pytest.mark.parametrize(
    "text",
    [
        "confirmed", "Confirmed", "  подтверждаю ", "ПОДТВЕРЖДЕНО", "подтверждён", "Всё  верно", "ok", "да",
        "«да, верно»", "yes, it is correct", "Yes it is", "ок, подтверждаем", "верно.", "ДА!", "“confirmed”",
        "да верно",
        "the value is correct; thank you", "Confirmed, thanks.", "Проверено, верно", "Да – количество верно",
        "подтверждаю значение", "Confirmed / подтверждаю", "All rows checked and confirmed.", "да (данные верны)",
    ],
)  # fmt: skip
def test_a_confirmation_is_understood_in_both_languages(text: str) -> None:
    assert replies_of(["W01", "row_repeated", "", text, "3f9a1c2b4d"]) == [("3f9a1c2b4d", text.strip(), "CONFIRMED")]


@pytest.mark.parametrize(
    "text",
    [
        "to be checked", "=1+1", "да, но исправим", "yes?", "да (?)", "да...",
        "да нет", "да / нет", "верно ли это", "is it correct", "is this correct", "correct it", "correct the value",
        "we correct", "please confirm", "подтверждаю частично", "верно, кроме строки 5", "yes, 4100 kg", "нет, 41",
        "thank you", "проверено", "the value", "...", "да, да, но нет", "no mistake",
        "не согласен", "не знаю",
        "нет ошибки", "ошибки нет", "No mistake, thanks.", "not wrong", "не ошибка", "нет неверно", "no value is wrong",
        f"да{' да' * 100}",
    ],
)  # fmt: skip
def test_any_other_reply_is_kept_and_confirms_nothing(text: str) -> None:
    assert replies_of(["W01", "row_repeated", "", text, "3f9a1c2b4d"]) == [("3f9a1c2b4d", text, None)]


@pytest.mark.parametrize(
    "text",
    [
        "as proposed", "Исправить, как предложено", "как предложено", "Да, как предложено", "принять", "Согласны.",
        "yes, fix as proposed", "accepted", "Correct as proposed, thanks",
    ],
)  # fmt: skip
def test_what_is_proposed_is_accepted_in_both_languages(text: str) -> None:
    assert replies_of(["W01", "row_repeated", "", text, "3f9a1c2b4d"]) == [("3f9a1c2b4d", text, "ACCEPTED")]


@pytest.mark.parametrize("text", ["верно, как предложено", "нет, как предложено", "не принимаю", "принять?", "correct"])
def test_nothing_is_accepted_by_words_that_say_something_else(text: str) -> None:
    [(_, _, code)] = replies_of(["W01", "row_repeated", "", text, "3f9a1c2b4d"])
    assert code != "ACCEPTED"


@pytest.mark.parametrize("yes", ["да", "Yes", "ok", "ок!", "иә", "ооба", "ҳа", "ha", "бале", "hawa"])
@pytest.mark.parametrize(
    ("severity", "proposed", "code"),
    [
        ("Исправьте\nCorrect", "12,5", "ACCEPTED"), ("Confirm", "12,5", None), ("Confirm", "", "CONFIRMED"),
        ("Correct", "", "CONFIRMED"),
    ],
)  # fmt: skip
def test_a_plain_yes_means_what_is_asked_beside_it(yes: str, severity: str, proposed: str, code: str | None) -> None:
    """An error is only corrected; a question with a proposal asks two things, and a plain yes answers none of them."""
    headings = ["Reference", "Severity", "Proposed", "Rule", "Value sent", "Your reply"]
    sheet = Sheet("Instructions", [headings, ["3f9a1c2b4d", severity, proposed, "x", "", yes]])
    assert [reply.code for reply in read_replies(sheet, CODELISTS)] == [code]
    for word, meant in (("верно, как есть", "CONFIRMED"), ("исправить, как предложено", "ACCEPTED"), ("нет", "DENIED")):
        assert understand(word, load_codelist(CODELISTS, "replies"), code) == meant


@pytest.mark.parametrize(
    "text",
    [
        "нет", "Нет, это ошибка.", "не подтверждаю", "not confirmed", "неверно", "value is wrong", "нет, неверно",
        "жоқ", "жок", "Йўқ.", "yo‘q", "Yo'q", "не", "ýok",
    ],
)  # fmt: skip
def test_a_denial_is_understood_in_both_languages(text: str) -> None:
    assert replies_of(["W01", "row_repeated", "", text, "3f9a1c2b4d"]) == [("3f9a1c2b4d", text, "DENIED")]


def test_a_row_without_a_reply_says_nothing_and_one_without_a_reference_is_kept() -> None:
    rows = ["W01", "x", "", "", "3f9a1c2b4d"], ["W02", "x", "", "confirmed", ""], ["W03", "x"]
    assert replies_of(*rows) == [("", "confirmed", "CONFIRMED")]
    assert replies_of(["W02", "x", "", "да", "3f9a"]) == [("3f9a", "да", "CONFIRMED")]


def test_another_sheet_has_no_replies() -> None:
    rows = [[""] * 5] * 20 + [HEADINGS, ["W01", "x", "", "confirmed", "3f9a1c2b4d"]]
    assert read_replies(Sheet("x", rows), CODELISTS) == []
    assert read_replies(Sheet("x", [["Дата", "Ваш ответ"], ["2024-05-01", "confirmed"]]), CODELISTS) == []


def test_replies_come_with_the_workbook_in_which_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "return.xlsx"
    mark = Mark("warning", "quantity_implausible", LARGE, "seizures", 0, "quantity", "4100", "", "3f9a1c2b4d")
    row = {"record_id": "N-1", "seizure_date": "2024-05-03", "drug": "Опий", "quantity": "4100", "unit": "кг"}
    write_return_workbook(path, edition_of(), Answers({"seizures": texts_of([row])}, [mark]))
    assert read(path, tmp_path).replies == ()
    book = load_workbook(path)
    book[FINDINGS_SHEET.ru].cell(7, REPLY_COLUMN + 1, "подтверждаю")
    book.save(path)
    (reply,) = read(path, tmp_path).replies
    assert (reply.reference, reply.rule, reply.value, reply.code, reply.sheet, reply.source_row) == (
        "3f9a1c2b4d", "quantity_implausible", "4100", "CONFIRMED", FINDINGS_SHEET.ru, 7,
    )  # fmt: skip
