import itertools
from datetime import date
from typing import Any

import pytest
from written_forms import LANGUAGES, MAY, QUESTIONNAIRE, edition_of

from warehouse.forms.cell_rules import cell_rule
from warehouse.questionnaire.definition import Constraints, Field, Words
from warehouse.questionnaire.language import FormLanguage

WORDS = Words(en="Amount", ru="Сумма")


def rule_of(table: str, field: str, period: date | None = MAY, language: FormLanguage = "both") -> dict[str, Any]:
    found = QUESTIONNAIRE.table(table)
    return cell_rule(
        found.field(field), edition_of(language, period=period), "A1",
        is_period=found.period == field, has_list=bool(found.field(field).codelist),
    )  # fmt: skip


@pytest.mark.parametrize(("language", "period"), list(itertools.product(LANGUAGES, (MAY, None))))
def test_every_message_fits_into_a_workbook_uncut(language: FormLanguage, period: date | None) -> None:
    for table in QUESTIONNAIRE.tables:
        for field in table.fields:
            rule = rule_of(table.name, field.name, period, language)
            assert len(rule["input_title"]) <= 32
            assert len(rule.get("error_title", "")) <= 32
            assert "…" not in rule["input_message"] + rule.get("error_message", "")
            assert len(rule["input_message"]) <= 255
            assert len(rule.get("error_message", "")) <= 255
            assert len(str(rule.get("value", ""))) <= 255


def test_codes_warn_and_point_to_their_list() -> None:
    rule = rule_of("seizures", "drug")
    assert (rule["validate"], rule["source"], rule["error_type"]) == ("list", "=list_drugs", "warning")
    assert "нет в списке" in rule["error_message"]
    assert "not in the list" in rule["error_message"]


def test_codes_without_any_entry_for_the_country_have_no_list() -> None:
    field = QUESTIONNAIRE.table("seizures").field("border_point")
    assert cell_rule(field, edition_of(), "A1", is_period=False, has_list=False)["validate"] == "any"


@pytest.mark.parametrize(
    ("table", "field", "message"),
    [
        ("seizures", "seizure_date", "Введите дату, например 2024-05-31; не позже отчётного месяца."),
        ("seizures", "quantity", "Введите число больше 0 и не больше 1000000000, без единицы измерения."),
        ("seizures", "purity_pct", "Введите число от 0 до 100, без единицы измерения."),
        ("persons", "persons_count", "Введите целое число от 0 до 1000000, без единицы измерения."),
        ("persons", "month", "Введите год и месяц, например 2024-05; внутри отчётного месяца."),
    ],
)
def test_what_would_be_refused_is_stopped_in_both_languages(table: str, field: str, message: str) -> None:
    rule = rule_of(table, field, language="ru")
    assert (rule["validate"], rule["error_type"]) == ("custom", "stop")
    russian, english = rule["error_message"].split("\n")
    assert russian == f"{message} Если не известно, напишите: не известно."
    assert english.startswith("Write ")
    assert message in rule["input_message"]
    assert "Write " not in rule["input_message"]


def test_long_text_only_warns_as_the_warehouse_does() -> None:
    rule = rule_of("seizures", "notes")
    assert (rule["validate"], rule["value"], rule["error_type"]) == ("length", 2000, "warning")
    assert rule_of("seizures", "source")["validate"] == "any"


def test_yes_or_no_is_offered_in_the_chosen_languages() -> None:
    field = Field(name="is_done", type="boolean", title=WORDS, description=WORDS, constraints=Constraints())
    for language, answers in (("ru", ["да", "нет"]), ("both", ["да", "yes", "нет", "no"])):
        rule = cell_rule(field, edition_of(language), "A1", is_period=False, has_list=False)  # type: ignore[arg-type]
        assert (rule["source"], rule["error_type"]) == (answers, "stop")
