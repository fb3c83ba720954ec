"""What officers type into the form: every label of every list in every table, and values of every type.

A typed answer stands beside what a release must say of it, which is read from the codelists' files alone.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, given, settings, strategies as st
from written_forms import CODELISTS

from warehouse.questionnaire.definition import Field, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Value = TypeVar("Value")

# What a spreadsheet, a browser or a reader of XML could take for something else than letters.
ODD_TEXTS = [
    "=1+1", "+7 (727) 250", "-5", "@SUM(A1)", "'0012", "0012", "1,5", "1.234", "2024-05-01", "TRUE", "#REF!", "н/д",
    "--", 'сказал: "нет"', "«Ёлка» — ½", "<b>жирный</b> & Ко", "две\nстроки", "a;b,c\td", "NaN", "🐕 собака", "é й",
]  # fmt: skip
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
TEXT = st.sampled_from(ODD_TEXTS) | st.text(LETTERS, min_size=1, max_size=60).map(str.strip).filter(bool)
# A spreadsheet keeps fifteen digits.
NUMBER = (
    st.decimals(Decimal("0.000001"), 10**9 - 1, places=6)
    | st.decimals(Decimal("0.000000000001"), 1, places=12)
    | st.integers(1, 10**12)
).map(float)
SHARE = st.decimals(0, 100, places=9).map(float)
MISSING = {"ru": ["Не известно", "Не указано", "--", "н/д"], "en": ["Not known", "Unknown", "--", "n/a"]}


def drawn(strategy: st.SearchStrategy[Value], count: int) -> list[Value]:
    """Return examples of a strategy, the same ones in every run."""
    found: list[Value] = []

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def draw(value: Value) -> None:
        found.append(value)

    draw()
    return found


@cache
def pool(kind: str) -> list[Any]:
    """Return the values of one kind that answers are taken from."""
    strategies: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "text": lambda: TEXT,
        "number": lambda: NUMBER,
        "share": lambda: SHARE,
        "integer": lambda: st.integers(0, 10**12) | st.integers(0, 20),
        "ordered": lambda: st.tuples(NUMBER, NUMBER, NUMBER).map(sorted),
        "counts": lambda: st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(sorted),
        "days": lambda: st.lists(st.dates(date(1990, 1, 1), date(2024, 4, 30)), min_size=2, max_size=2).map(sorted),
        "day": lambda: st.integers(0, 29),
        "angle": lambda: st.decimals(-90, 90, places=12).map(float),
    }
    return drawn(strategies[kind](), 120)


@dataclass(frozen=True)
class Typed:
    """A row of a form: field → what is typed, and field → what the warehouse must hold of it (None: nothing)."""

    cells: dict[str, Any]
    meant: dict[str, Any]


@cache
def entries(codelist: str) -> list[dict[str, str]]:
    with (CODELISTS / "codelists" / f"{codelist}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labels(codelist: str, country: str, language: str) -> list[tuple[str, str]]:
    """Return label and code of every entry that a country may write, those that are no longer in force too."""
    return [
        (entry[f"name_{language}"], entry["code"])
        for entry in entries(codelist)
        if entry.get("country_code", "") in ("", country)
    ]


def typed_rows(
    table: Table, country: str, language: str, month: date, lists: "Collection[str] | None" = None
) -> list[Typed]:
    """Return as many rows as the longest of ``lists`` has entries in the table; None means any list."""
    asked = [field for field in table.fields if field.asked]
    offered = {field.name: labels(field.codelist, country, language) for field in asked if field.codelist}
    counted = [len(offered[f.name]) for f in asked if f.codelist and (lists is None or f.codelist in lists)]
    rows = []
    for number in range(max(counted)):
        cells: dict[str, Any] = {}
        meant: dict[str, Any] = {}
        for place, field in enumerate(asked):
            if field.name in offered:
                cells[field.name], meant[field.name] = offered[field.name][number % len(offered[field.name])]
            else:
                cells[field.name] = meant[field.name] = _value(table, field, number, number * 7 + place, month)
                if field.name == table.primary_key:
                    cells[field.name] = meant[field.name] = f"{meant[field.name]} {language}{number}"
                if not field.constraints.required and field.type != "string" and (number + place) % 11 == 0:
                    cells[field.name], meant[field.name] = MISSING[language][number % 4], None
        rows.append(Typed(cells, meant))
    return rows


_PLACES = {
    "price_minimum": ("ordered", 0), "price_typical": ("ordered", 1), "price_maximum": ("ordered", 2),
    "working_count": ("counts", 0), "equipment_count": ("counts", 1),
    "opened_date": ("days", 0), "closed_date": ("days", 1),
}  # fmt: skip
# Fewer than one person for 100 inhabitants of the smallest country that fills in every table.
_MOST = {"persons_count": 50_000, "detained_count": 50_000}


def _value(table: Table, field: Field, number: int, chosen: int, month: date) -> Any:
    """Return a value that no rule calls wrong; values that depend on each other come from one example."""

    def take(kind: str, index: int = chosen) -> Any:
        return pool(kind)[index % len(pool(kind))]

    if field.name in _PLACES:
        kind, place = _PLACES[field.name]
        return take(kind, number)[place]
    if field.type == "date":
        day = take("day", number)
        return month + timedelta(days=day if field.name == table.period else 30 + day)
    if field.type == "string":
        return take("text")
    if field.constraints.minimum is not None and field.constraints.minimum < 0:
        return take("angle")
    if field.constraints.maximum == 100:
        return take("share")
    least, most = field.constraints.minimum or 0, _MOST.get(field.name, field.constraints.maximum)
    return _below(most, max(take(field.type), least))


def _below(maximum: float | None, value: float) -> float:
    """Return a value, or one made of its last digits when it is above the maximum."""
    if maximum is None or value <= maximum:
        return value
    return type(value)(1 + round(value % (maximum - 1), 6))
