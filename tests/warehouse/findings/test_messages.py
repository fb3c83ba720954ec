"""Messages: findings of every kind described in either language."""

from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding, translate_finding
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.words.catalogue import Argument, listed

QUESTIONNAIRE = load_questionnaire()


def test_a_finding_about_a_row_is_described_with_table_row_and_question() -> None:
    message = '"{value}" is less than {bound}. Correct the number; write -- if it is not known.'
    finding = Finding(
        "id", "error", "value_too_small", message, "seizures", "Изъятия", 14, "quantity", "-1,5",
        {"value": "-1,5", "bound": 0.25},
    )  # fmt: skip
    assert describe_finding(finding, "en", QUESTIONNAIRE) == (
        'Seizures, row 14, Quantity: "-1,5" is less than 0.25. Correct the number; write -- if it is not known.'
    )
    assert describe_finding(finding, "ru", QUESTIONNAIRE) == (
        "Изъятия, строка 14, Количество: «-1,5» меньше допустимого (не меньше 0,25). Исправьте число; если оно не "
        "известно, напишите --."
    )
    assert translate_finding(finding, QUESTIONNAIRE).ru == describe_finding(finding, "ru", QUESTIONNAIRE)


def test_a_finding_about_a_file_is_described_with_its_name() -> None:
    message = "the file is still being written. The next run reads it."
    finding = Finding(None, "error", "file_not_received", message, arguments={"file_name": "KAZ/{x}.csv"})
    assert describe_finding(finding, "en", QUESTIONNAIRE).startswith("KAZ/{x}.csv: the file is still being written.")
    assert describe_finding(finding, "ru", QUESTIONNAIRE).startswith("KAZ/{x}.csv: запись файла ещё не завершена.")


def test_a_finding_about_a_sheet_is_described_with_its_name() -> None:
    message = "the sheet was not read, because headings are missing: {titles}. If it holds data, give it the headings of the form."  # noqa: E501
    titles = listed(QUESTIONNAIRE.table("seizures").field(name).title for name in ("drug", "unit"))
    finding = Finding("id", "warning", "sheet_unknown", message, sheet="Свод", arguments={"titles": titles})
    assert describe_finding(finding, "en", QUESTIONNAIRE).startswith(
        'sheet "Свод": the sheet was not read, because headings are missing: Drug or substance, Unit.'
    )
    assert describe_finding(finding, "ru", QUESTIONNAIRE).startswith(
        "лист «Свод»: лист не прочитан: не хватает заголовков: Наркотик, Единица измерения."
    )


def test_a_finding_about_a_mart_is_described_with_its_key() -> None:
    message = (
        "the cases of {year} add up to {cases_kg} kg, the nation reported {seized_kg} kg for the whole year (ratio "
        "{ratio:.3f}). Ask the country which is right: a case may stand twice, or the total may be incomplete."
    )
    arguments: dict[str, Argument] = {
        "key": "KAZ HEROIN",
        "year": 2012,
        "cases_kg": 1307.5,
        "seized_kg": 1306.0,
        "ratio": 1307.5 / 1306,
    }
    finding = Finding(None, "warning", "national_total_exceeded", message, "rpt_seizures_by_month", arguments=arguments)
    assert describe_finding(finding, "en", QUESTIONNAIRE).startswith(
        "rpt_seizures_by_month, KAZ HEROIN: the cases of 2012 add up to 1307.5 kg, the nation reported 1306 kg for the "
        "whole year (ratio 1.001)."
    )
    assert describe_finding(finding, "ru", QUESTIONNAIRE).startswith(
        "rpt_seizures_by_month, KAZ HEROIN: сумма случаев за 2012 год — 1307,5 кг, а страна сообщила за весь год 1306 "
        "кг (отношение 1,001)."
    )
