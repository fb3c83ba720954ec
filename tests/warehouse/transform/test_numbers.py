"""Numbers with exponents, scales and marks, as staging reads them."""

from typing import Any

import duckdb
import pytest
from jinja2 import Environment
from typing_macros import FOLDER

from warehouse.questionnaire.measures import scale_word


def figures(text: str, kind: str) -> dict[str, Any]:
    """Return the columns of a text's figures."""
    names = ("decimal_mark.sql", "parse_number.sql", "number_words.sql")
    macros = "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
    environment = Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701
    sql = environment.from_string(macros + "{{ number_figures('select ? as sent_text', kind) }}").render(kind=kind)
    found = duckdb.execute(sql, [text])
    return dict(zip([column[0] for column in found.description], found.fetchall()[0], strict=True))


@pytest.mark.parametrize(
    ("text", "kind", "number", "words"),
    [
        ("1e-06", "quantity", 1e-6, None), ("2,5E+03", "number", 2500.0, None), ("1.2e3", "integer", 1200.0, None),
        ("1e", "number", 1.0, None),
        ("1250,5 тыс.", "number", 1250500.0, None), ("1.005 тыс", "number", 1005.0, None),
        ("12 млн", "integer", 12e6, None), ("2 thousand", "quantity", 2000.0, None), ("3 минг", "number", 3000.0, None),
        ("2 тыс. таб.", "quantity", 2.0, "тыс. таб."), ("12 тыс. тенге", "number", 12.0, "тыс. тенге"),
        ("1 240 p", "integer", 1240.0, None), ("310*", "integer", 310.0, None), ("12 (e)", "integer", 12.0, None),
        ("1240¹", "integer", 1240.0, None), ("12¹⁾", "number", 12.0, None), ("1240 предв.", "integer", 1240.0, None),
        ("12 г", "quantity", 12.0, "г"), ("1 240 p", "number", 1240.0, "p"), ("12 (г)", "quantity", 12.0, "(г)"),
        ("1,234 тыс.", "number", 1234.0, None), ("12 чел.", "integer", 12.0, "чел."), ("62%", "number", 62.0, "%"),
        ("620‰", "share", 62.0, None), ("620 ‰", "number", 620.0, "‰"), ("2 сотен", "quantity", 200.0, None),
        ("2,5 сотен тыс.", "number", 250000.0, None), ("3 crore", "number", 3e7, None), ("3 bn", "number", 3e9, None),
        ("62%", "share", 62.0, "%"),
    ],
)  # fmt: skip
def test_exponents_scales_and_marks(text: str, kind: str, number: float | None, words: str | None) -> None:
    found = figures(text, kind)
    assert (found["with_decimals"], found["words"]) == (number, words)


@pytest.mark.parametrize("power", range(1, 15))
def test_each_scale_that_a_heading_states_is_read_behind_the_number(power: int) -> None:
    assert figures(f"2,5 {scale_word(power)}", "number")["with_decimals"] == pytest.approx(2.5 * 10**power)
