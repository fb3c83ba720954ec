"""The clock of the ledger."""

import logging
from datetime import UTC, datetime, timedelta

import duckdb

log = logging.getLogger("sarai")


def now() -> datetime:
    """Return the time as the ledger keeps it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def next_decision_at(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Return the time (UTC) of decisions that are taken now: later than all before, also after a clock was set back.

    Of the decisions on a submission the last holds, so one that seems earlier would never count.
    """
    row = connection.execute("select max(decided_at) from raw.decisions").fetchone()
    time = now()
    last: datetime | None = row[0] if row else None
    if last is None or last < time:
        return time
    log.warning("The clock says %s, and the last decision was at %s. Set the clock right.", time, last)
    return last + timedelta(microseconds=1)
