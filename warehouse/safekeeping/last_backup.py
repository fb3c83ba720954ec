"""When the warehouse was last backed up, and where to: kept beside it, so that one can see how old the backup is."""

from datetime import datetime

from pydantic import BaseModel, ValidationError

from warehouse.storage.durable import replace_file
from warehouse.storage.permissions import private_files
from warehouse.storage.settings import Settings


class LastBackup(BaseModel):
    """A backup that was made: when (UTC), and its folder."""

    created_at: datetime
    folder: str


def note_backup(settings: Settings, made: LastBackup) -> None:
    """Keep what the last backup was. Raises OSError."""
    with private_files():
        replace_file(settings.last_backup, made.model_dump_json(indent=2).encode())


def last_backup(settings: Settings) -> LastBackup | None:
    """Return what the last backup was; None where that is not known: none was made here, or the file is damaged."""
    try:
        return LastBackup.model_validate_json(settings.last_backup.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
