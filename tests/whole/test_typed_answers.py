"""What is typed into the form is what the marts say: every label of every list in both languages, every table.

Forms are filled by a script, and by LibreOffice, which opens them and saves them as its own. That a release holds what
the marts do is shown where releases are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from conftest import build_marts, judge_without_flow
from typed_answers import Typed, typed_rows
from written_forms import MAY, QUESTIONNAIRE, edition_of, fill, saved_by_libreoffice, written

from warehouse.forms.table_sheet import FIRST_ROW
from warehouse.questionnaire.language import FormLanguage
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

APRIL = date(2024, 4, 1)
# Country, month and language of each form, and who saved it. Where both languages are chosen only what lists of the
# country's own hold is typed: its seizures name all of them, in one form of Russian letters that LibreOffice saves too.
NATIONAL_LISTS = ("agencies", "border_points", "subdivisions")
FORMS: dict[tuple[str, date], tuple[FormLanguage, str]] = {
    ("KAZ", MAY): ("ru", "script"),
    ("KAZ", APRIL): ("en", "libreoffice"),
    ("TJK", MAY): ("both", "libreoffice"),
    ("KGZ", MAY): ("both", "script"),
    ("TKM", MAY): ("both", "script"),
    ("UZB", MAY): ("both", "script"),
}
# Said to the keepers of the warehouse and to nobody else.
UNPUBLISHED = {"seizures": {"notes"}, "laboratories": {"notes"}}
THIN_PRICES = {"price_minimum", "price_typical", "price_maximum", "purity_pct"}
RENAMED = {"admin_division_code": "subdivision_code", "main_drug_code": "drug_code"}
FACTS = {"blo_register": "fct_blo_register_entries"}
KG = {
    "KG": 1, "G": 1e-3, "MG": 1e-6, "UG": 1e-9, "T": 1e3, "CENTNER": 100, "LB": 0.45359237, "OZ": 0.028349523125,
    "HUNDRED_G": 0.1, "TEN_G": 0.01, "FIVE_G": 0.005, "HUNDRED_MG": 1e-4, "BLOCK_350G": 0.35,
}  # fmt: skip
LITRES = {"L": 1, "ML": 1e-3, "GAL_US": 3.785411784, "GAL_UK": 4.54609}

Forms = Mapping[tuple[str, date], Mapping[str, list[Typed]]]


@dataclass(frozen=True)
class Filled:
    """What was typed by country and month, and the database that has it in its marts."""

    typed: Forms
    database: duckdb.DuckDBPyConnection


def _typed(country: str, language: FormLanguage, month: date) -> dict[str, list[Typed]]:
    if language == "both":
        table = QUESTIONNAIRE.table("seizures")
        return {table.name: [row for t in ("ru", "en") for row in typed_rows(table, country, t, month, NATIONAL_LISTS)]}
    return {table.name: typed_rows(table, country, language, month) for table in QUESTIONNAIRE.tables}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Fill the forms, send them all, build the marts that list what was sent."""
    folder = tmp_path_factory.mktemp("typed")
    settings = Settings(home=folder / "var")
    typed = {key: _typed(key[0], language, key[1]) for key, (language, _) in FORMS.items()}
    paths: dict[str, list[Path]] = {"script": [], "libreoffice": []}
    for (country, month), (language, program) in FORMS.items():
        path = written(folder / f"{country}_{month:%Y-%m}.xlsx", language, country, month, row_count=60)
        answers = {table: [row.cells for row in rows] for table, rows in typed[country, month].items()}
        fill(path, answers, edition_of(language, country, month))
        paths[program].append(path)
    judge_without_flow(settings, [*paths["script"], *saved_by_libreoffice(paths["libreoffice"], folder / "saved")])
    marts = [_mart(table.name) for table in QUESTIONNAIRE.tables]
    build_marts(settings, " ".join(f"+{mart},sarai.intermediate +{mart},sarai.marts" for mart in marts))
    with open_database(settings) as connection:
        yield Filled(typed, connection)


def _mart(table: str) -> str:
    return FACTS.get(table, f"fct_{table}")


def test_no_form_has_an_error_or_a_word_that_is_not_in_the_list(filled: Filled) -> None:
    found = filled.database.execute("""
        select severity, rule, table_name, field, value, count(*) from raw.findings
        where severity = 'error' or rule in ('code_unknown', 'text_damaged', 'text_too_long')
        group by all order by all""").fetchall()
    outcomes = filled.database.execute("""
        select country_code, reporting_month, outcome, received_count - accepted_count as missing_count
        from raw.decisions inner join raw.submissions using (submission_id) order by all""").fetchall()
    assert found == []
    assert outcomes == [(country, month, "accepted", 0) for country, month in sorted(FORMS)]


@pytest.mark.parametrize("program", ["script", "libreoffice"])
@pytest.mark.parametrize("table", [table.name for table in QUESTIONNAIRE.tables])
def test_the_marts_say_what_was_typed(table: str, program: str, filled: Filled) -> None:
    columns = {field.name: field.column for field in QUESTIONNAIRE.table(table).fields if field.asked}
    shown = {name: RENAMED.get(column, column) for name, column in columns.items()}
    for name in UNPUBLISHED.get(table, set()):
        del shown[name]
    said = _read(filled.database, f"marts.{_mart(table)}", shown)
    for key, (_, saved_by) in FORMS.items():
        if saved_by == program and table in filled.typed[key]:
            expected = [
                (number, {name: None if name in _withheld(table, row) else row.meant[name] for name in shown})
                for number, row in enumerate(filled.typed[key][table], start=FIRST_ROW + 1)
                if table != "stories" or row.meant["cleared_for_publication"] == "YES"
            ]
            assert _differences(expected, said[key]) == []


def _withheld(table: str, row: Typed) -> set[str]:
    """Return what the form promises not to publish: a price that rests on fewer than three observations."""
    count = row.meant["observations_count"] if table == "prices" else None
    return THIN_PRICES if count is not None and count < 3 else set()


def _read(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[str, str]
) -> dict[tuple[str, date], dict[int, dict[str, Any]]]:
    """Return (country, month) → number of the row → field → value."""
    names = connection.table(relation).columns
    month = "month_date" if "month_date" in names else "reporting_month"
    rows = connection.execute(
        f"select country_code, {month}, source_row, {', '.join(columns.values())} from {relation} order by 1, 2"
    ).fetchall()
    return {
        key: {row[2]: dict(zip(columns, row[3:], strict=True)) for row in found}
        for key, found in groupby(rows, key=lambda row: row[:2])
    }


def _differences(
    expected: list[tuple[int, dict[str, Any]]], said: Mapping[int, dict[str, Any]]
) -> list[tuple[int, str, Any, Any]]:
    """Return row, field, what was typed and what is said instead; a row that is said and was not typed too."""
    typed = dict(expected)
    return [
        (number, name, typed.get(number, {}).get(name), said.get(number, {}).get(name))
        for number in sorted(typed.keys() | said.keys())
        for name in (typed.get(number) or said[number])
        if number not in typed or number not in said or typed[number][name] != said[number][name]
    ]


def test_what_is_not_published_is_kept_word_for_word(filled: Filled) -> None:
    for table, names in {**UNPUBLISHED, "prices": THIN_PRICES}.items():
        said = _read(filled.database, f"staging.stg_{table}", {name: name for name in names})
        for key, tables in filled.typed.items():
            expected = [
                (number, {name: row.meant[name] for name in names})
                for number, row in enumerate(tables.get(table, []), start=FIRST_ROW + 1)
            ]
            assert _differences(expected, said.get(key, {})) == []


def test_weights_and_volumes_are_those_of_the_typed_quantity_and_unit(filled: Filled) -> None:
    said = _read(filled.database, "marts.fct_seizures", {name: name for name in ("quantity_kg", "quantity_litres")})
    for key, tables in filled.typed.items():
        for number, row in enumerate(tables["seizures"], start=FIRST_ROW + 1):
            amount, unit = row.meant["quantity"], row.meant["unit"]
            for name, factors in (("quantity_kg", KG), ("quantity_litres", LITRES)):
                if unit in factors:
                    assert said[key][number][name] == pytest.approx(factors[unit] * amount, rel=1e-12), (key, number)
                elif unit not in {*KG, *LITRES, "VISS"}:
                    assert said[key][number]["quantity_litres"] is None, (key, number)
