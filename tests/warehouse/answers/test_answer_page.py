"""The page: its headline, its steps, its numbers, in the language of its reader and with nothing of the sender run."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from warehouse.answers.answer import (
    Answer,
    AnsweredSubmission,
    AnswerFinding,
    DrugSum,
    FieldRange,
    FieldSum,
    Progress,
    ProposedFix,
    TableInForce,
    TableRead,
    UnusedReply,
)
from warehouse.answers.page import MAX_SHOWN, render_page
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import Language
from warehouse.replies.acceptances import CONTRADICTED
from warehouse.storage.settings import Settings
from warehouse.words.local_times import zone_of

SENT = AnsweredSubmission(
    submission_id="TJK-2024-05-abc", file_name="TJK/<b>май</b>.xlsx", sha256="abc", country_code="TJK",
    country=Words(en="Tajikistan", ru="Таджикистан"), reporting_month=date(2024, 5, 1),
    received_at=datetime(2024, 6, 12, 9, 14), decided_at=datetime(2024, 6, 12, 9, 15), file_format="xlsx", revision=1,
    language="ru",
)  # fmt: skip
WRONG = AnswerFinding(
    number="E01", reference="3f9a1c2b4d", severity="error", state="open", rule="value_unreadable",
    message=Words(en="where: what", ru="где: что"), advice=Words(en="It is no number.", ru="Это не число."),
    template="it is no number.", arguments={}, table="seizures", sheet="Изъятия", source_row=7, field="quantity",
    value="<script>12,5 кг ғ ҷ</script>", cell="Изъятия H7",
)  # fmt: skip
DOUBTED = WRONG.model_copy(update={"number": "W02", "severity": "warning", "source_row": 3, "sheet": ""})
FIX = ProposedFix(rule="x", cells={"quantity": "12.5"}, leaves_row_out=False, words=Words(en="12.5", ru="12,5"))
DRUG = DrugSum(
    drug_code="OPIUM", name=Words(en="Opium", ru="Опий"), rows_count=3, measured_count=2, quantity_kg=1234.5,
    quantity_litres=None, quantity_count=None,
)  # fmt: skip
TABLES = (
    TableRead(
        table="seizures", outcome="accepted", received_count=14, accepted_count=13, quarantined_count=1, drugs=(DRUG,)
    ),
    TableRead(
        table="persons", outcome="accepted", received_count=2, accepted_count=2, quarantined_count=0,
        sums=(FieldSum(field="persons_count", total=1200),),
    ),
    TableRead(table="prices", outcome="accepted", received_count=0, accepted_count=0, quarantined_count=0),
    TableRead(
        table="contraband", outcome="accepted", received_count=2, accepted_count=2, quarantined_count=0, ranges=(
            FieldRange(
                field="value_amount", unit="KZT", values_count=2, minimum=1250500, maximum=7800000, total=9050500
            ),
        ),
    ),
)  # fmt: skip


def answered(*findings: AnswerFinding, **changes: Any) -> Answer:
    counts = {
        "error_count": sum(finding.severity == "error" for finding in findings),
        "warning_count": sum(finding.severity == "warning" and finding.state == "open" for finding in findings),
        "confirmed_count": sum(finding.state == "confirmed" for finding in findings),
    }
    content: dict[str, Any] = {
        "submission": SENT, "outcome": "accepted", "state": "current", "received_count": 16, "accepted_count": 15,
        "quarantined_count": 1, "is_too_bad": False, "findings": findings, "tables": TABLES, "standing": (),
        "progress": None, "return_workbook": "return_TJK_2024-05.xlsx", **counts, **changes,
    }  # fmt: skip
    return Answer(**content)


def text_of(answer: Answer, language: Language) -> str:
    """Return what a reader sees, in one line."""
    page = re.sub(r"<style>.*?</style>", "", render_page(answer, language), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u202f", " ").replace("\xa0", " "))


@pytest.mark.parametrize(
    ("answer", "russian", "english"),
    [
        (answered(WRONG), "принято частично, исправьте 1 ошибку", "accepted in part, 1 error to correct"),
        (answered(*[WRONG] * 22, outcome="rejected", is_too_bad=True), "не принято, исправьте 22 ошибки",
         "not accepted, 22 errors to correct"),
        (answered(*[WRONG] * 111, outcome="rejected", is_too_bad=True), "не принято, исправьте 111 ошибок",
         "not accepted, 111 errors to correct"),
        (answered(*[DOUBTED] * 31), "принято, подтвердите 31 значение", "accepted, 31 values to confirm"),
        (answered(DOUBTED), "принято, подтвердите 1 значение", "accepted, 1 value to confirm"),
        (answered(*[DOUBTED] * 5), "принято, подтвердите 5 значений", "accepted, 5 values to confirm"),
        (answered(), "принято полностью", "accepted in full"),
        (answered(received_count=0), "принято, сообщать не о чем", "accepted, nothing to report"),
        (answered(WRONG, tables=(), outcome="rejected"), "файл использовать нельзя", "the file could not be used"),
    ],
)  # fmt: skip
def test_the_headline_says_what_became_of_the_report(answer: Answer, russian: str, english: str) -> None:
    assert f"Таджикистан, май 2024 г. {russian}" in text_of(answer, "ru")
    assert f"Tajikistan, May 2024 {english}" in text_of(answer, "en")


@pytest.mark.parametrize(
    ("answer", "steps"),
    [
        (answered(WRONG, DOUBTED), ["Откройте файл", "Исправьте красные ячейки в этом же файле. Если", "Сохраните"]),
        (answered(WRONG), ["Откройте файл", "Исправьте красные ячейки в этом же файле. Лист", "Сохраните"]),
        (answered(DOUBTED), ["Откройте файл", "Если жёлтая ячейка верна", "Сохраните"]),
        (answered(WRONG, return_workbook=None), ["Прочтите ниже", "Исправьте это в своём", "Пришлите свой"]),
        (answered(WRONG, is_excerpt=True), ["В файле слишком много строк", "Исправьте это в своём", "Пришлите свой"]),
        (answered(DOUBTED.model_copy(update={"state": "confirmed"})), []),
    ],
)
def test_there_are_three_steps_or_nothing_to_do(answer: Answer, steps: list[str]) -> None:
    found = [re.sub(r"<[^>]+>", "", step) for step in re.findall(r"<li>(.*?)</li>", render_page(answer, "ru"))]
    assert len(found) == len(steps)
    assert [step for step, start in zip(found, steps, strict=True) if not step.startswith(start)] == []


def test_an_answer_to_a_month_of_a_file_of_several_names_the_others_and_what_it_says_nothing_of() -> None:
    answer = answered(file_months=(date(2024, 1, 1), date(2024, 5, 1)), unsaid_tables=("staff", "throughput"))
    assert (
        "Файл охватывает несколько месяцев (январь 2024 г., май 2024 г.). Это ответ за май 2024 г.; за каждый из "
        "остальных есть свой ответ. Нет ответа за этот месяц по таблицам: Личный состав, Движение через границу. "
        "В них нет строк, и нигде не сказано, что сообщать не о чем" in text_of(answer, "ru")
    )
    assert "several months" not in text_of(answered(unsaid_tables=("staff",)), "en")
    assert "Not answered for this month: Staff." in text_of(answered(unsaid_tables=("staff",)), "en")
    assert "Not answered" not in text_of(answered(), "en")


def test_numbers_and_days_are_those_of_the_language() -> None:
    russian, english = text_of(answered(), "ru"), text_of(answered(), "en")
    assert "получен 12 июня 2024 г., 09:14 (UTC)" in russian
    assert "received on June 12, 2024, 09:14 (UTC)" in english
    assert "Опий без количества: 1 3 1 234,5" in russian
    assert "Opium 1 without a quantity 3 1,234.5" in english
    assert "Лица 2 2 0 Число лиц 1 200" in russian
    assert "Нулевой отчёт: Цены." in russian


@pytest.mark.parametrize(
    ("zone", "russian", "english"),
    [
        (None, "12 июня 2024 г., 09:14 (UTC)|Время — UTC.", "June 12, 2024, 09:14 (UTC)|Times are UTC."),
        ("Asia/Dushanbe", "12 июня 2024 г., 14:14 (UTC+5)|Время — по городу Душанбе.",
         "June 12, 2024, 14:14 (UTC+5)|Times are those of Dushanbe."),
        ("Asia/Kabul", "12 июня 2024 г., 13:44 (UTC+4:30)|Время — по городу Кабул.",
         "June 12, 2024, 13:44 (UTC+4:30)|Times are those of Kabul."),
        ("America/Aruba", "12 июня 2024 г., 05:14 (UTC-4)|Время — по городу Аруба.",
         "June 12, 2024, 05:14 (UTC-4)|Times are those of Aruba."),
    ],
)  # fmt: skip
def test_times_are_those_of_the_country_and_say_so(zone: str | None, russian: str, english: str) -> None:
    answer = answered(submission=SENT.model_copy(update={"time_zone": zone}))
    pages = {"ru": text_of(answer, "ru"), "en": text_of(answer, "en")}
    missing = {text for page, texts in (("ru", russian), ("en", english)) for text in texts.split("|")
               if text not in pages[page]}  # fmt: skip
    assert missing == set()


def test_every_country_with_one_zone_has_one_that_is_known() -> None:
    zones = {entry["time_zone"] for entry in load_codelist(Settings().codelists, "countries").entries.values()}
    assert {name for name in zones if zone_of(name).utcoffset(datetime(2024, 1, 1)) is None} == set()


def test_the_answer_names_whom_to_ask_only_where_somebody_is_named() -> None:
    named = answered(keepers_contact="desk@example.org <b>")
    assert "Вопросы об этом ответе: desk@example.org &lt;b&gt;" in text_of(named, "ru")
    assert "Whom to ask about this answer: desk@example.org &lt;b&gt;" in text_of(named, "en")
    assert "Whom to ask" not in text_of(answered(), "en")


def test_a_table_that_is_not_used_is_named_with_its_reason_and_is_no_nil_return() -> None:
    why = Words(en="A column is missing.", ru="Нет столбца.")
    prices = TABLES[2].model_copy(update={"outcome": "rejected", "reason": why})
    tables = (TABLES[0], prices)
    accepted = answered(WRONG, tables=tables)
    english, russian = text_of(accepted, "en"), text_of(accepted, "ru")
    assert "Tables that are not used Nothing of these tables is used" in english
    assert "stays in force. The other tables count. Prices : A column is missing." in english
    assert "Таблицы, которые не использованы" in russian
    assert "Нулевой отчёт" not in russian
    rejected = text_of(answered(WRONG, tables=tables, outcome="rejected"), "en")
    assert "none of its tables can be, for the reasons below." in rejected
    assert "The other tables count." not in rejected


def test_what_was_sent_is_text() -> None:
    page = render_page(answered(WRONG), "ru")
    assert "<script" not in page
    assert "<b>май</b>" not in page
    assert "&lt;script&gt;12,5 кг ғ ҷ&lt;/script&gt;" in page


def test_days_and_ids_are_not_broken_at_their_hyphens() -> None:
    late = "<b>2024-05-18</b> is before 2024-05-20, in 2024-05 or 12-05."
    page = render_page(answered(WRONG.model_copy(update={"advice": Words(en=late, ru=late)})), "en")
    days = ('<span class="whole">2024-05-18</span>', '<span class="whole">2024-05-20</span>')
    assert f'&lt;b&gt;{days[0]}&lt;/b&gt; is before {days[1]}, in <span class="whole">2024-05</span> or 12-05.' in page
    assert 'Submission <span class="whole">TJK-2024-05-abc</span>.' in page


def test_nothing_is_called_empty_where_the_whole_row_is_meant() -> None:
    empty = WRONG.model_copy(update={"value": None})
    assert "empty" in text_of(answered(empty), "en")
    assert "empty" not in text_of(answered(empty.model_copy(update={"field": None})), "en")


def test_a_place_is_given_as_in_the_file_that_was_sent_where_the_workbook_has_another() -> None:
    text = text_of(answered(WRONG, DOUBTED), "ru")
    assert "E01 Изъятия H7 Количество" in text
    assert "W02 Изъятия H7 строка 3 вашего файла Количество" in text
    whole = WRONG.model_copy(update={"source_row": None, "cell": None, "field": None})
    assert "вся таблица «Изъятия»" in text_of(answered(whole), "ru")
    assert "весь файл" in text_of(answered(whole.model_copy(update={"table": None})), "ru")


def test_what_was_fixed_confirmed_and_left_is_counted() -> None:
    progress = Progress(
        submission_id="x", file_name="x", received_at=SENT.received_at, fixed_count=9, removed_count=4,
        confirmed_count=1, left_count=2, new_count=3,
    )  # fmt: skip
    confirmed = DOUBTED.model_copy(update={"state": "confirmed", "number": "C02"})
    text = text_of(answered(WRONG.model_copy(update={"stood_before": True}), confirmed, progress=progress), "ru")
    assert "Исправлено с прошлого раза 9 осталось 2, новых 3; в удалённых строках 4" in text
    assert "Подтверждено вами 1 больше не спрашиваем" in text
    assert "осталось с прошлого раза" in text


@pytest.mark.parametrize(
    ("finding", "understood", "said"),
    [
        (WRONG, "is_reply_understood", "An error cannot be confirmed"), (WRONG, "", "An error cannot be confirmed"),
        (DOUBTED, "is_reply_understood", "The row was changed since; please confirm it again if it is right."),
        (DOUBTED, "is_denied", "Please correct it in its table; a reply changes no value."),
        (DOUBTED, "", "It is not understood and is kept as a remark. If the value is right, write “confirmed” and"),
        (DOUBTED.model_copy(update={"proposal": FIX}), "", "It is not understood. Write “confirmed” if what you"),
        (WRONG.model_copy(update={"proposal": FIX}), "is_accepting", "The cell does not hold what we propose."),
        (WRONG, "is_accepting", "We propose nothing here. Please correct it in its table, or confirm it"),
    ],
)  # fmt: skip
def test_a_reply_that_closes_nothing_is_told_why(finding: AnswerFinding, understood: str, said: str) -> None:
    replied = finding.model_copy(update={"reply": "да, но", **({understood: True} if understood else {})})
    assert f"You replied: да, но {said}" in text_of(answered(replied), "en")


def test_what_is_proposed_and_what_was_accepted_is_said() -> None:
    removal = FIX.model_copy(update={"cells": {}, "leaves_row_out": True, "words": Words(en="leave out", ru="убрать")})
    held = WRONG.model_copy(update={"proposal": removal, "is_held": True, "number": "W01"})
    progress = Progress(
        submission_id="x", file_name="x.csv", received_at=datetime(2024, 6, 1), fixed_count=3, confirmed_count=0,
        accepted_count=2, left_count=1, new_count=0,
    )  # fmt: skip
    answer = answered(WRONG.model_copy(update={"proposal": FIX}), held, progress=progress)
    text = text_of(answer, "en")
    assert "Proposed: 12.5" in text
    assert "Proposed: leave out. Delete it, or write “as proposed” beside it." in text
    assert "Accepted as proposed 2" in text
    assert (answer.to_correct, [finding.number for finding in answer.to_confirm]) == (answer.findings[:1], ["W01"])
    alone = answered(held, error_count=0, warning_count=1)
    assert "Rows accepted: 15 of 16. Rows that are in no figure until you confirm them: 1." in text_of(alone, "en")


def test_no_reply_is_repeated_that_would_be_given_unread() -> None:
    replied = WRONG.model_copy(update={"reply": "да"})
    assert replied.repeated_reply == "да"
    assert replied.model_copy(update={"rule": CONTRADICTED}).repeated_reply == ""
    assert replied.model_copy(update={"is_denied": True}).repeated_reply == ""


def test_replies_to_nothing_are_listed() -> None:
    reply = UnusedReply(
        text="да", reference="3f9a", sheet="Указания", source_row=7, reason="reference_unreadable",
        message=Words(en="where: <why>", ru="где: <почему>"),
    )  # fmt: skip
    text = text_of(answered(unused_replies=(reply,) * (MAX_SHOWN + 1)), "ru")
    assert "Ответы, которые не закрывают вопросов где: &lt;почему&gt;" in text
    assert "Ещё 1 здесь не показано" in text
    assert "не закрывают" not in text_of(answered(), "ru")


def test_what_is_in_force_for_the_month_is_shown() -> None:
    standing = TableInForce(
        table="seizures", submission_id="y", file_name="TJK/later.csv", received_at=datetime(2024, 6, 20, 8),
        rows_count=9, is_this=False,
    )  # fmt: skip
    text = text_of(answered(state="replaced", standing=(standing,)), "ru")
    assert "За этот месяц действует файл, который пришёл позже" in text
    assert "TJK/later.csv 20 июня 2024 г., 08:00 (UTC) Изъятия 9" in text
    assert "пока ничего не принято Лица, Цены" in text


def test_a_page_shows_no_more_than_a_person_reads() -> None:
    page = render_page(answered(*[WRONG] * (MAX_SHOWN + 1000)), "en")
    assert page.count('<td class="number">') == MAX_SHOWN
    assert "1,000 more are not shown here" in page


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (1, "Ещё 1 здесь не показано", "1 more is not shown here"),
        (3, "Ещё 3 здесь не показаны", "3 more are not shown here"),
        (21, "Ещё 21 здесь не показано", "21 more are not shown here"),
    ],
)
def test_what_a_page_does_not_show_is_counted(count: int, russian: str, english: str) -> None:
    answer = answered(*[WRONG] * (MAX_SHOWN + count))
    assert f"{russian};" in text_of(answer, "ru")
    assert f"{english};" in text_of(answer, "en")


def test_a_report_of_one_row_is_accepted_in_the_singular() -> None:
    assert "The 1 row is accepted. There is nothing left" in text_of(answered(received_count=1), "en")
    assert "All 16 rows are accepted. There is nothing left" in text_of(answered(), "en")
    assert "Приняты все строки: 16. Ничего делать не нужно." in text_of(answered(), "ru")


def test_amounts_are_read_back_with_their_unit() -> None:
    assert "Стоимость 1 250 500 – 7 800 000 KZT (всего 9 050 500)" in text_of(answered(), "ru")
    assert "Value 1,250,500 – 7,800,000 KZT (9,050,500 in all)" in text_of(answered(), "en")
