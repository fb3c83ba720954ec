"""What the house itself has to tell: runs that failed, and how old the backup is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from pydantic import BaseModel, ValidationError

from warehouse.bulletin.board.part import Part, Row
from warehouse.bulletin.edition import Edition
from warehouse.safekeeping.last_backup import last_backup
from warehouse.storage.regular_files import read_regular
from warehouse.text_table import printable
from warehouse.words.catalogue import N_

_DAYS = 14  # that alerts are shown
_LONGEST = 300  # characters of a reason
_SINCE = "select count(*) from raw.submissions where received_at > ?"


class _Alert(BaseModel):
    """A run that failed, as flows/runs/alerts.py writes it."""

    ended_at: str
    flow: str
    state: str
    reason: str | None = None


def house_parts(connection: duckdb.DuckDBPyConnection, edition: Edition, now: datetime) -> Iterator[Part]:
    """Yield the parts on the last runs and the backup; ``now`` is UTC."""
    yield _failed(edition, now)
    yield _backup(connection, edition, now)


def _failed(edition: Edition, now: datetime) -> Part:
    folder = edition.source.settings.root / "alerts"
    first = f"{now - timedelta(days=_DAYS):%Y%m%dT%H%M%S}"
    rows = [_alert(edition, path) for path in sorted(folder.glob("*.json"), reverse=True) if path.name >= first]
    return Part(
        "failed",
        edition.say(N_("Runs that failed in the last two weeks")),
        [edition.say(one) for one in (N_("Ended (UTC)"), N_("Run"), N_("How it ended"), N_("Why"))],
        rows,
        edition.say(N_("None.")),
        edition.say(
            N_("Do what the reason says and let it run again; the Prefect server shows whether it has run since. Logs:")
        ),
        "logs/",
    )


def _alert(edition: Edition, path: Path) -> Row:
    """Return what an alert tells; one that was cut off, as on a full disk, tells by its name when which run failed."""
    try:
        alert = _Alert.model_validate_json(read_regular(path))
    except (OSError, ValidationError):
        ended, _, flow = path.stem.partition("-")
        return Row([ended, printable(flow), "", edition.say(N_("Its alert cannot be read."))], is_urgent=True)
    reason = printable(alert.reason or "")
    shown = reason if len(reason) <= _LONGEST else f"{reason[:_LONGEST]}…"
    return Row([alert.ended_at, alert.flow, alert.state, shown], is_urgent=True)


def _backup(connection: duckdb.DuckDBPyConnection, edition: Edition, now: datetime) -> Part:
    made, rows = last_backup(edition.source.settings), []
    if made:
        found = connection.execute(_SINCE, [made.created_at.replace(tzinfo=None)]).fetchone()
        since = int(found[0]) if found else 0
        days = str((now - made.created_at).days)
        rows.append(Row([f"{made.created_at:%Y-%m-%d %H:%M}", days, made.folder, str(since)], is_urgent=since > 0))
    captions = (N_("Last backup (UTC)"), N_("Days ago"), N_("Folder"), N_("Submissions received since"))
    return Part(
        "backup",
        edition.say(N_("Backup")),
        [edition.say(one) for one in captions],
        rows,
        edition.say(N_("No backup of this warehouse is known here.")),
        edition.say(N_("A backup on another disk, after each day with new files:")),
        "sarai backup FOLDER",
    )
