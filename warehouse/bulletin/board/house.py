"""What the house itself has to tell: runs that failed, and how old the backup is."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from pydantic import AwareDatetime, BaseModel, ValidationError

from warehouse.bulletin.board.part import Part, PartWords, Row
from warehouse.bulletin.edition import Edition
from warehouse.findings.finding import shortened
from warehouse.safekeeping.notes import last_backup, last_success
from warehouse.storage.regular_files import read_regular
from warehouse.text_table import printable
from warehouse.words.catalogue import N_

_NOT_SINCE = N_("not yet")
_TIME = "%Y-%m-%dT%H:%M:%SZ"  # UTC
_DAYS = 14  # that alerts are shown
_LONGEST = 300  # characters of a reason
_SINCE = "select count(*) from raw.submissions where received_at > ?"
_FAILED_PART = PartWords(
    "failed",
    N_("Runs that failed in the last two weeks"),
    (N_("Ended (UTC)"), N_("Run"), N_("How it ended"), N_("Ended well since (UTC)"), N_("Why")),
    N_("None."),
    N_("Where no run has ended well since, do what the reason says and let it run again. Logs:"),
)
_BACKUP_PART = PartWords(
    "backup",
    N_("Backup"),
    (N_("Last backup (UTC)"), N_("Days ago"), N_("Folder"), N_("Submissions received since")),
    N_("No backup of this warehouse is known here."),
    N_("A backup on another disk, after each day with new files:"),
)


class _Alert(BaseModel):
    """A run that failed, as flows/runs/alerts.py writes it."""

    ended_at: AwareDatetime
    flow: str
    state: str
    reason: str | None = None


def house_parts(connection: duckdb.DuckDBPyConnection, edition: Edition, now: datetime) -> Iterator[Part]:
    """Yield the parts on the last runs and the backup; ``now`` is UTC."""
    yield failed_part(edition, now)
    yield _backup(connection, edition, now)


def failed_part(edition: Edition, now: datetime) -> Part:
    """Return the runs that failed, and whether one of the same flow ended well since; in red where none did."""
    folder = edition.source.settings.root / "alerts"
    first = f"{now - timedelta(days=_DAYS):%Y%m%dT%H%M%S}"
    rows = [_alert(edition, path) for path in sorted(folder.glob("*.json"), reverse=True) if path.name >= first]
    return _FAILED_PART.part(edition, rows, "logs/")


def _alert(edition: Edition, path: Path) -> Row:
    """Return what an alert tells; one that was cut off, as on a full disk, tells by its name when which run failed."""
    try:
        alert = _Alert.model_validate_json(read_regular(path))
    except (OSError, ValidationError):
        ended, _, flow = path.stem.partition("-")
        ended_at = None
        with suppress(ValueError):
            ended_at = datetime.strptime(ended, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
        return _row(edition, (ended, printable(flow), ""), ended_at, edition.say(N_("Its alert cannot be read.")))
    reason = printable(alert.reason or "")
    run = (f"{alert.ended_at:{_TIME}}", alert.flow, alert.state)
    return _row(edition, run, alert.ended_at, shortened(reason, _LONGEST))


def _row(edition: Edition, run: tuple[str, str, str], ended_at: datetime | None, reason: str) -> Row:
    """Return a run that failed: when, of which flow and how; whether one ended well since; and why it failed."""
    success = last_success(edition.source.settings, run[1])
    is_over = bool(success and ended_at and success > ended_at)
    since = f"{success:{_TIME}}" if is_over else edition.say(_NOT_SINCE)
    return Row([*run, since, reason], is_urgent=not is_over)


def _backup(connection: duckdb.DuckDBPyConnection, edition: Edition, now: datetime) -> Part:
    made, rows = last_backup(edition.source.settings), []
    if made:
        found = connection.execute(_SINCE, [made.created_at.replace(tzinfo=None)]).fetchone()
        since = int(found[0]) if found else 0
        days = str(max((now - made.created_at).days, 0))  # a clock may have been set back since
        rows.append(Row([f"{made.created_at:%Y-%m-%d %H:%M}", days, made.folder, str(since)], is_urgent=since > 0))
    return _BACKUP_PART.part(edition, rows, "sarai backup FOLDER")
