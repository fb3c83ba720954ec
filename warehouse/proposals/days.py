"""Proposals for days: day and month exchanged, another year, marks and letters in place of dots and digits."""

import re
from collections.abc import Iterator
from datetime import date

from warehouse.findings.proposal import Proposal
from warehouse.proposals.doubt import Doubt

_LETTERS = str.maketrans("OoОоlIЗз", "00001133")
_DAY = re.compile(r"(\d{1,2})\D{1,2}(\d{1,2})\D{1,2}((?:20)?\d{2})(?:\D{0,6})")
# A moment with a zone is the day in its country, which nobody can exchange.
_ISO = re.compile(r"(20\d{2})\D(\d{1,2})\D(\d{1,2})(?:[ T][\d:.]+)?")


def read_day(doubt: Doubt) -> Proposal | None:
    """Propose the day as it was read."""
    shown = doubt.finding.arguments.get("day_shown")
    return doubt.proposing("day_alone", shown) if isinstance(shown, str) else None


def day_in_month(doubt: Doubt) -> Proposal | None:
    """Propose the one reading of a date that lies in the reporting month, if exactly one does."""
    day = _within(doubt.text, _month(doubt))
    return doubt.proposing("date_order", day.isoformat()) if day else None


def day_outside(doubt: Doubt) -> Proposal | None:
    """Propose day and month exchanged, else the year of the report where only the year is another.

    A day before the month may be that of a late row, one of thirty of which lies in the month by chance when day and
    month are exchanged. Programs exchange them in every row: so several are asked for, and none that is late.
    """
    (year, month), written = _month(doubt), next(_readings(doubt.text), None)
    is_late = written is not None and (written.year, written.month) < (year, month)
    are_exchanged = len(doubt.peers) > 1 and all(_within(text, (year, month)) for text in doubt.peers)
    if (are_exchanged or not is_late) and (exchanged := day_in_month(doubt)):
        return exchanged
    if written is None or written.month != month or abs(written.year - year) != 1 or written.strftime("%m%d") == "0229":
        return None
    return doubt.proposing("year", written.replace(year=year).isoformat())


def _within(text: str, month: tuple[int, int]) -> date | None:
    days = {day for read in (text, text.translate(_LETTERS)) for day in _readings(read)}
    within = [day for day in days if (day.year, day.month) == month]
    return within[0] if len(within) == 1 else None


def _month(doubt: Doubt) -> tuple[int, int]:
    month = doubt.sender.month
    return (month.year, month.month) if month else (0, 0)


def _readings(text: str) -> Iterator[date]:
    """Yield the days that a text can be, in either order of day and month."""
    orders = []
    if found := _DAY.fullmatch(text):
        orders = [(found[3], found[2], found[1]), (found[3], found[1], found[2])]
    elif found := _ISO.fullmatch(text):
        orders = [(found[1], found[2], found[3]), (found[1], found[3], found[2])]
    for year, month, day in orders:
        try:
            yield date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))  # noqa: PLR2004 - 24 for 2024
        except ValueError:
            continue
