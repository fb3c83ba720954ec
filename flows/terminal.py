"""What commands print: text in which nothing of a sender commands the terminal, and how far a long step is."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


def print_text(text: object, *, err: bool = False) -> None:
    """Print a text on standard output, or standard error; of control characters only line breaks stay."""
    from warehouse.text_table import printable

    for bar in _shown:
        bar.clear()
    click.echo(printable(str(text), keep="\n"), err=err)


def print_json(value: Any) -> None:
    """Print a value as JSON, with the escapes of JSON for all control characters."""
    import orjson

    text = orjson.dumps(value, default=_json_value, option=orjson.OPT_INDENT_2).decode()
    click.echo("".join(mark if mark.isprintable() or mark == "\n" else json.dumps(mark)[1:-1] for mark in text))


def _json_value(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[object]], output: str) -> None:
    """Print a table as text, JSON (a list of records) or CSV; dates in ISO form, nothing for null, as in a release."""
    from warehouse.text_table import lay_out

    if output == "text":
        print_text(lay_out(headings, rows))
    elif output == "json":
        print_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([[_csv_cell(value) for value in row] for row in rows])
        print_text(text.getvalue().removesuffix("\n"))


def _csv_cell(value: object) -> object:
    """Return a value as a cell: a list with semicolons, a truth in lower case as DuckDB writes it."""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else value


class Bar:
    """A bar in the last line of a terminal; it gives way to text that is printed, and leaves nothing behind."""

    def __init__(self, console: "Console | None" = None) -> None:
        """Show nothing yet; on standard error, if no console is given."""
        self._console = console
        self._bar: Progress | None = None

    def show(self, what: str, done: int, total: int, left: str) -> None:
        """Draw the bar of a step."""
        if self._bar is None:
            self._bar = _draw(self._console)
            self._bar.add_task(what, left="")
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], description=what, completed=done, total=total, left=left)

    def clear(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.stop()
            self._bar = None


_shown: list[Bar] = []


def _draw(console: "Console | None") -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    left = TextColumn("{task.fields[left]}")
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(" of "), left
    console = console or Console(stderr=True)
    return Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)


@contextmanager
def bars() -> Iterator[None]:
    """Show the progress of what runs inside as a bar, where output and errors go to a terminal."""
    streams: list[TextIO | None] = [sys.stdout, sys.stderr]  # None if it was closed before we began
    if not all(stream and stream.isatty() for stream in streams):
        yield
        return
    from warehouse.progress import shown_by

    bar = Bar()
    _shown.append(bar)
    try:
        with shown_by(bar):
            yield
    finally:
        _shown.remove(bar)
