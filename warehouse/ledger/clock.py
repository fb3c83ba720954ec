"""The clock of the ledger."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time as the ledger keeps it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
