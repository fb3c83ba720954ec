"""Macros of dbt_project/macros/typing as SQL, rendered without dbt."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb
from jinja2 import Environment

from warehouse.storage.settings import REPOSITORY

FOLDER = REPOSITORY / "dbt_project" / "macros" / "typing"
_MACROS = ("in_ranges.sql", "personal_data.sql", "personal_names.sql", "named_after.sql", "identity_numbers.sql")


@cache
def spelling_key_sql() -> str:
    """Return the SQL of the key of a spelling in a column ``text``."""
    macros = (FOLDER / "spelling_key.sql").read_text(encoding="utf-8")
    return Environment(autoescape=False).from_string(macros + "{{ spelling_key('text') }}").render().strip()  # noqa: S701


@cache
def personal_data_sql(*, has_numbers: bool) -> str:
    """Return the SQL that tells what a column ``text`` says of a person: NAME, NUMBER or null."""
    macros = "".join((FOLDER / name).read_text(encoding="utf-8") for name in _MACROS)
    call = "{{ personal_data('text', " + str(has_numbers).lower() + ") }}"
    return Environment(autoescape=False).from_string(macros + call).render().strip()  # noqa: S701


_DATES = ("in_ranges.sql", "spelling_key.sql", "written_days.sql", "parse_date.sql")


def read_dates(texts: Sequence[str], columns: str = "day", *, figures: str = "date_figures") -> list[Any]:
    """Return what staging reads of each text as a date, or by the ``figures`` of months; several columns as tuples."""
    rendering = Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701
    macros = "".join((FOLDER / name).read_text(encoding="utf-8") for name in _DATES)

    def render(template: str) -> str:
        return rendering.from_string(macros + template).render(ref=lambda name: name, config=lambda **_: "").strip()

    words = render((FOLDER.parents[1] / "models" / "staging" / "stg_month_words.sql").read_text(encoding="utf-8"))
    read_from = render("{{ " + figures + "('select * from texts') }}")
    with duckdb.connect() as connection:
        for place in ("codelists/months", "spellings/months_spellings"):
            path = FOLDER.parents[1] / "seeds" / f"{place}.csv"
            connection.execute(f"create table {path.stem} as from read_csv(?, all_varchar = true)", [str(path)])
        connection.execute(f"create table stg_month_words as {words}")
        connection.execute("create table texts as select unnest(?::varchar[]) as sent_text", [list(texts)])
        rows = connection.execute(f"select sent_text, {columns} from ({read_from})")
        read = {text: values[0] if len(values) == 1 else tuple(values) for text, *values in rows.fetchall()}
    return [read[text] for text in texts]


def tell_personal_data(texts: tuple[str, ...], *, has_numbers: bool = True) -> list[str | None]:
    """Return NAME, NUMBER or None for each text, as staging does."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table texts as select unnest(range(len(?))) as place, unnest(?) as text", [texts, texts]
        )
        told = personal_data_sql(has_numbers=has_numbers)
        rows = connection.execute(f"select {told} from texts order by place").fetchall()
    return [row[0] for row in rows]
