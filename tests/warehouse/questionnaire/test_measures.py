import pytest

from warehouse.questionnaire.measures import (
    CURRENCIES,
    UNITS,
    is_measure,
    measure_texts,
    parse_measure,
)
from warehouse.storage.settings import Settings

CODELISTS = Settings().codelists


@pytest.mark.parametrize(
    ("text", "power", "currency"),
    [
        ("тыс. тенге", 3, "KZT"), ("в тыс. долл. США", 3, "USD"), ("тыс.тг", 3, "KZT"), ("млн сом", 6, "KGS"),
        ("млрд сум", 9, "UZS"), ("'000", 3, None), ("KZT '000", 3, "KZT"), ("'000 USD", 3, "USD"), ("000s", 3, None),
        ("USD thousands", 3, "USD"), ("in thousands", 3, None), ("$ mln", 6, "USD"), ("мың теңге", 3, "KZT"),
        ("миң сом", 3, "KGS"), ("минг сўм", 3, "UZS"), ("ming so'm", 3, "UZS"), ("müň manat", 3, "TMT"),
        ("ҳазор", 3, None), ("1 000 тенге", 3, "KZT"), ("тенге", 0, "KZT"), ("тыс. пачек", 3, None),
    ],
)  # fmt: skip
def test_scales_and_currencies(text: str, power: int, currency: str | None) -> None:
    found = parse_measure(text, (CURRENCIES,), CODELISTS, "KAZ")
    assert found is not None
    assert (found.power, found.codes.get(CURRENCIES)) == (power, currency)


@pytest.mark.parametrize("text", ["взвешенное", "text", "", "тысячелетие", "x" * 100, "от 0 до 100"])
def test_other_brackets_say_nothing_of_the_number(text: str) -> None:
    assert parse_measure(text, (UNITS, CURRENCIES), CODELISTS, "KAZ") is None


def test_a_price_has_a_currency_and_a_unit() -> None:
    found = parse_measure("USD за 1 г", (CURRENCIES, UNITS), CODELISTS, "KAZ")
    assert found is not None
    assert (found.power, found.codes) == (0, {CURRENCIES: "USD", UNITS: "G"})
    assert parse_measure("кг/шт", (UNITS,), CODELISTS, "KAZ") is None


def test_a_unit_of_thousands_may_be_the_unit_itself() -> None:
    found = parse_measure("тыс. таб.", (UNITS,), CODELISTS, "KAZ")
    assert found is not None
    assert (found.power, found.codes, found.whole) == (3, {UNITS: "TABLET"}, "THOUSAND_TABLETS")


@pytest.mark.parametrize(
    ("heading", "texts"),
    [
        ("Количество (тыс. пачек)", ["тыс. пачек"]),
        ("Стоимость, тыс. тенге", ["тыс. тенге"]),
        ("Стоимость - млн", ["млн"]),
        ("Quantity [kg]", ["kg"]),
        ("Количество", []),
        ("(" * 1000, []),
    ],
)
def test_where_a_heading_says_it(heading: str, texts: list[str]) -> None:
    assert measure_texts(heading) == texts


@pytest.mark.parametrize(
    ("text", "is_one"), [("кг", True), ("тыс.", True), ("тыс. тг", True), ("2", False), ("всего", False)]
)
def test_a_unit_alone(text: str, is_one: bool) -> None:  # noqa: FBT001 - a case of pytest
    assert is_measure(text) is is_one
