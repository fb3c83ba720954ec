"""Long steps say how far they are: in the log without a terminal, and there only every few seconds."""

import logging
import time
from collections.abc import Iterator

import pytest

from warehouse.progress import each


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is logged while each look at the clock finds it two seconds on."""
    seconds = iter(range(0, 10_000, 2))
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    log, messages = logging.getLogger("sarai"), list[str]()
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", lambda record: messages.append(record.getMessage()))
    monkeypatch.setattr(log, "level", logging.INFO)
    log.addHandler(handler)
    yield messages
    log.removeHandler(handler)


def test_without_a_terminal_a_line_every_few_seconds_says_how_far_a_step_is(said: list[str]) -> None:
    assert list(each("Reading files", iter("abcdefghij"), 10)) == list("abcdefghij")
    assert said == [
        "Reading files: 3 of 10, about 14 s left.",
        "Reading files: 6 of 10, about 8 s left.",
        "Reading files: 9 of 10, about 2 s left.",
    ]


def test_long_waits_are_in_minutes(said: list[str]) -> None:
    for _ in each("Writing", range(3), 1000):
        pass
    assert said == ["Writing: 3 of 1000, about 33 min left."]
