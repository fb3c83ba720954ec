"""Judgements: what was tried, the figures, and whether it held."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """One line of the table: a part, what was asked of it, what was measured, and whether that is as it must be."""

    part: str
    asked: str
    figures: str
    holds: bool


def print_table(judgements: Iterable[Judgement]) -> None:
    """Print a line for each judgement."""
    for one in judgements:
        print(f"{one.part:<12} {'holds' if one.holds else 'FAILS':<6} {one.asked}: {one.figures}", flush=True)
