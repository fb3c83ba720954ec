"""Macros of dbt_project/macros/typing as SQL, rendered without dbt."""

from functools import cache

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


def tell_personal_data(texts: tuple[str, ...], *, has_numbers: bool = True) -> list[str | None]:
    """Return NAME, NUMBER or None for each text, as staging does."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table texts as select unnest(range(len(?))) as place, unnest(?) as text", [texts, texts]
        )
        told = personal_data_sql(has_numbers=has_numbers)
        rows = connection.execute(f"select {told} from texts order by place").fetchall()
    return [row[0] for row in rows]
