"""Names and texts in SQL that takes no parameters."""


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for statements that take no parameters (attach, copy, comment)."""
    return "'" + text.replace("'", "''") + "'"
