"""A nil return of one table replaces its rows as a correction does; a table that is not answered replaces nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from made_ledger import made_ledger
from made_readings import QUESTIONNAIRE, reading_of
from openpyxl import Workbook

from warehouse.ledger.decisions import decide
from warehouse.ledger.in_force import LATEST
from warehouse.ledger.raw import land
from warehouse.ledger.rules_in_force import InForce, list_pending

HEADINGS: dict[str, Sequence[str]] = {
    "seizures": ["Дата изъятия", "Наркотик", "Количество", "Единица измерения"],
    "prices": ["Наркотик", "Единица цены", "Типичная цена", "Валюта"],
}
HEROIN = ["2024-05-03", "героин", "1", "кг"]
PRICES = [["героин", "г", "90", "USD"], ["опий", "г", "9", "USD"]]


def form_of(revision: int, rows: dict[str, Sequence[Sequence[str]]], **answers: str) -> bytes:
    """Return a form of two tables: its cover asks of both whether there is nothing to report."""
    book, file = Workbook(), BytesIO()
    cover = book.active
    cover.append(["Номер исправления", str(revision)])
    cover.append(["Таблицы / Tables", "Нулевой отчёт по таблице"])
    for table, heading in HEADINGS.items():
        cover.append([f"{QUESTIONNAIRE.table(table).title.ru} / x", answers.get(table, "")])
        sheet = book.create_sheet(QUESTIONNAIRE.table(table).title.ru)
        for row in (heading, *rows.get(table, ())):
            sheet.append(list(row))
    book.save(file)
    return file.getvalue()


def test_a_nil_return_of_a_table_replaces_its_rows_and_silence_replaces_nothing(tmp_path: Path) -> None:
    ledger, at = made_ledger(), datetime(2024, 7, 2)
    forms = [
        form_of(0, {"seizures": [HEROIN], "prices": PRICES}),
        form_of(1, {"seizures": [HEROIN, HEROIN]}),
        form_of(2, {"seizures": [HEROIN]}, prices="да"),
        form_of(3, {}, seizures="да"),
    ]
    in_force: list[dict[str, tuple[int, int]]] = []
    for number, form in enumerate(forms):
        land(ledger, [reading_of(tmp_path, f"KAZ/KAZ_2024-05_v{number}.xlsx", form)], QUESTIONNAIRE)
        list_pending(ledger, InForce("rules"))
        decide(ledger, [], InForce("rules"), at + timedelta(minutes=number), 0.05)
        rows = ledger.execute(
            f"with {LATEST} select table_name, revision, row_count from parts inner join raw.submissions "
            "using (submission_id) where is_current"
        ).fetchall()
        in_force.append({table: (revision, count) for table, revision, count in rows})
    assert in_force == [
        {"seizures": (0, 1), "prices": (0, 2)}, {"seizures": (1, 2), "prices": (0, 2)},
        {"seizures": (2, 1), "prices": (2, 0)}, {"seizures": (3, 0), "prices": (2, 0)},
    ]  # fmt: skip
    unsaid = "from raw.submissions select unsaid_tables order by revision"
    assert ledger.execute(unsaid).fetchall() == [(None,), ("prices",), (None,), ("prices",)]
    [(revision, table, message)] = ledger.execute(
        "select revision, table_name, message from raw.findings inner join raw.submissions using (submission_id) "
        "where rule = 'rows_left_in_force'"
    ).fetchall()
    assert (revision, table) == (1, "prices")
    assert message == (
        "Prices: the form has no rows of this table and does not say that there is nothing to report in it; the 2 rows "
        "that KAZ/KAZ_2024-05_v0.xlsx reported of it stay in force. If they were withdrawn, answer yes beside the "
        "table on the cover and send the form again."
    )
