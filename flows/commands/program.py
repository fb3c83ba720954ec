"""`sarai` as a program: its output, its signals, its log lines, and one line when it fails."""

import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import clear_frames
from typing import Any, NoReturn

import click

from flows.runs.garbage import collect_rarely
from flows.terminal import bars, print_text


class Program(click.Group):
    """The group of all commands. Whatever ends one of them, its user reads one line and never a traceback."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command; a letter that the terminal cannot print becomes a question mark."""
        collect_rarely()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return super().main(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the arguments name; raises ClickException, so status 1, for whatever it raises."""
        with _hooks(), _log_lines(), bars():
            try:
                with _signals():
                    return super().invoke(ctx)
            except click.ClickException as error:
                error.message = _printable(error.message)  # type: ignore[misc]  # click prints no other
                raise
            except (click.exceptions.Exit, click.Abort):
                raise
            except BrokenPipeError:
                raise  # the reader of our output has enough: click ends without a word
            except Exception as error:  # noqa: BLE001 - whatever it is, it is one line and a log
                message = _printable(_message(error))
                _let_go(error)
            raise click.ClickException(message)


def _let_go(failure: BaseException) -> None:
    """Close what a failure and those behind it kept open, while a second failure still goes to the log.

    Frames hold it, and often the failure, which holds them: a search for such circles takes half a second of a command
    that has imported dbt and Prefect.
    """
    from warehouse.storage.errors import with_causes

    for error in with_causes(failure):
        clear_frames(error.__traceback__)


def _printable(message: str) -> str:
    from warehouse.text_table import printable

    return printable(message, keep="\n")


@contextmanager
def _signals() -> Iterator[None]:
    """End with status 128 + n at SIGINT and SIGTERM, by an exception, so that temporary folders and locks go.

    DuckDB, dbt and Great Expectations turn that exception into errors of their own, or swallow it: what counts in the
    end is that the signal came.
    """
    received: list[int] = []

    def end(number: int, _frame: object) -> NoReturn:
        received.append(number)
        _interrupt_queries()
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)
        if received:
            name = signal.Signals(received[0]).name
            print_text(
                f"Stopped by {name}. What was there before stays; the next run does what was not done.", err=True
            )
            raise SystemExit(128 + received[0])


def _interrupt_queries() -> None:
    """Interrupt what DuckDB works on, if it is loaded: a query that goes on keeps its database from being closed."""
    if "warehouse.storage.database" in sys.modules:
        from warehouse.storage.database import interrupt_queries

        interrupt_queries()


class _Terminal(logging.Handler):
    """Log lines on standard output, and how far a step is on standard error; unread ones do not end the work."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the message of a record."""
        from warehouse.progress import PROGRESS_LOG

        try:
            print_text(self.format(record), err=record.name == PROGRESS_LOG)
        except OSError:
            _discard_broken_output()


@contextmanager
def _log_lines() -> Iterator[None]:
    """Print the log of Sarai, bare of levels and times, for as long as a command runs."""
    terminal = _Terminal()
    log = logging.getLogger("sarai")
    propagates = log.propagate
    log.addHandler(terminal)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(terminal)
        log.propagate = propagates


@contextmanager
def _hooks() -> Iterator[None]:
    """Send to the log what fails in a thread or while an object is closed: Python would print its traceback."""
    before = threading.excepthook, sys.unraisablehook
    threading.excepthook = sys.unraisablehook = _keep
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


def _keep(failure: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
    from flows.commands.failures import keep_traceback

    if isinstance(failure.exc_value, Exception):
        keep_traceback(failure.exc_value, "sarai")


def _message(error: Exception) -> str:
    from flows.commands.failures import describe_failure, keep_traceback
    from warehouse.storage.errors import SaraiError

    if isinstance(error, SaraiError):
        return str(error)
    _discard_broken_output()
    path = keep_traceback(error, f"sarai {click.get_current_context().invoked_subcommand}")
    return f"{describe_failure(error)} Log: {path or 'none, as no file could be written'}."


def _discard_broken_output() -> None:
    """Give up standard output if it cannot be written: Python would fail on the rest of it when it ends."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
