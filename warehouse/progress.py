"""How far a long step is: what it does, how many of how many are done, and about how long the others take.

A step counts; who shows that is not its business. A terminal gets a bar (flows/terminal.py); without one a line goes to
the log every few seconds.
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

PROGRESS_LOG = "sarai.progress"
log = logging.getLogger(PROGRESS_LOG)
T = TypeVar("T")

_SOON_S = 1.0
_EVERY_S = 5.0
_MINUTE_S = 60


class Display(Protocol):
    """Shows how far a step is."""

    def show(self, what: str, done: int, total: int, left: str) -> None:
        """Show that a step has done so many of all, and about how long the rest takes."""

    def clear(self) -> None:
        """Show nothing any more."""


_displays: list[Display] = []


@contextmanager
def shown_by(display: Display) -> Iterator[None]:
    """Show the progress of what runs inside there, instead of in the log."""
    _displays.append(display)
    try:
        yield
    finally:
        display.clear()
        _displays.remove(display)


class Progress:
    """A step that counts what it has done, from any thread."""

    def __init__(self, what: str, total: int) -> None:
        """Begin to do ``total`` of something; ``what`` is a verb and its object, as in "Reading files"."""
        self._what, self._total, self._done = what, total, 0
        self._begun = self._shown = time.monotonic()
        self._lock = threading.Lock()

    def advance(self, done: int | None = None, total: int | None = None) -> None:
        """Count one more, or say how many are done, of how many; shown when the step takes more than a moment."""
        with self._lock:
            self._total = total or self._total
            self._done = self._done + 1 if done is None else done
            now = time.monotonic()
            if self._done >= self._total or now - self._begun < _SOON_S:
                return
            left = _describe_left((now - self._begun) * (self._total - self._done) / self._done)
            if _displays:
                _displays[-1].show(self._what, self._done, self._total, left)
            elif now - self._shown >= _EVERY_S:
                self._shown = now
                log.info("%s: %d of %d, %s.", self._what, self._done, self._total, left)


def _describe_left(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / _MINUTE_S)} min left"


@contextmanager
def progress(what: str, total: int) -> Iterator[Progress]:
    """Show how far what runs inside is, while it counts."""
    try:
        yield Progress(what, total)
    finally:
        for display in _displays:
            display.clear()


def each(what: str, items: Iterable[T], total: int) -> Iterator[T]:
    """Yield items, and show how many of them were worked on."""
    with progress(what, total) as step:
        for item in items:
            yield item
            step.advance()
