"""Times as the clocks of a country show them, always with what they are ahead of UTC."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo


class LocalTime(NamedTuple):
    """A moment in a zone: its day, and its time with what it is ahead of UTC, e.g. 14:14 (UTC+5)."""

    day: date
    clock: str


def zone_of(name: str | None) -> tzinfo:
    """Return the zone of the IANA time zone database, UTC without a name."""
    return ZoneInfo(name) if name else UTC


def local_time(when: datetime, zone: tzinfo) -> LocalTime:
    """Return a moment, given in UTC without a zone, in a zone."""
    here = when.replace(tzinfo=UTC).astimezone(zone)
    ahead = here.utcoffset() or timedelta()
    sign, (hours, minutes) = "-" if ahead < timedelta() else "+", divmod(abs(ahead) // timedelta(minutes=1), 60)
    offset = f"{sign}{hours}" + (f":{minutes:02d}" if minutes else "") if ahead else ""
    return LocalTime(here.date(), f"{here:%H:%M} (UTC{offset})")
