"""Names and texts in SQL that takes no parameters."""

from collections.abc import Iterable


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for statements that take no parameters (attach, copy, comment)."""
    return "'" + text.replace("'", "''") + "'"


def is_one_of(column: str, texts: Iterable[str]) -> str:
    """Return the SQL of whether a column is one of these texts; of no text it is false, as there is no empty list."""
    listed = ", ".join(map(literal, texts))
    return f"{column} in ({listed})" if listed else "false"
