"""What ended well last, noted beside the warehouse: the backup, and a run of each flow.

So one can see how old the backup is, and which failure of a run is over.
"""

from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from warehouse.storage.durable import replace_file
from warehouse.storage.permissions import create_folder, private_files
from warehouse.storage.settings import Settings


class LastBackup(BaseModel):
    """A backup that was made: when (UTC), and its folder."""

    created_at: datetime
    folder: str


class _Success(BaseModel):
    """A run that ended well: when (UTC)."""

    ended_at: datetime


_Note = TypeVar("_Note", bound=BaseModel)


def note_backup(settings: Settings, made: LastBackup) -> None:
    """Keep what the last backup was. Raises OSError."""
    _keep(settings.last_backup, made)


def last_backup(settings: Settings) -> LastBackup | None:
    """Return what the last backup was; None where that is not known: none was made here, or the file is damaged."""
    return _kept(settings.last_backup, LastBackup)


def note_success(settings: Settings, flow: str, ended_at: datetime) -> None:
    """Keep when a run of a flow ended well (UTC). Raises OSError."""
    path = _of_flow(settings, flow)
    create_folder(path.parent)
    _keep(path, _Success(ended_at=ended_at))


def last_success(settings: Settings, flow: str) -> datetime | None:
    """Return when a run of a flow last ended well (UTC); None where that is not known."""
    success = _kept(_of_flow(settings, flow), _Success)
    return success.ended_at if success else None


def _of_flow(settings: Settings, flow: str) -> Path:
    return settings.root / "last_success" / f"{Path(flow).name}.json"


def _keep(path: Path, note: BaseModel) -> None:
    with private_files():
        replace_file(path, note.model_dump_json(indent=2).encode())


def _kept(path: Path, kind: type[_Note]) -> _Note | None:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
