"""What commands print: text in which nothing of a sender commands the terminal."""

import json
from typing import Any

import click


def print_text(text: object, *, err: bool = False) -> None:
    """Print a text on standard output, or standard error; of control characters only line breaks stay."""
    from warehouse.text_table import printable

    click.echo(printable(str(text), keep="\n"), err=err)


def print_json(value: Any) -> None:
    """Print a value as JSON, with the escapes of JSON for all control characters."""
    import orjson

    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    click.echo("".join(mark if mark.isprintable() or mark == "\n" else json.dumps(mark)[1:-1] for mark in text))
