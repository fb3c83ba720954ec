"""When a run of each flow last ended well: kept beside the warehouse, so that one can see which failure is over."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from warehouse.storage.durable import replace_file
from warehouse.storage.permissions import create_folder, private_files
from warehouse.storage.settings import Settings


class _Success(BaseModel):
    """A run that ended well: when (UTC)."""

    ended_at: datetime


def note_success(settings: Settings, flow: str, ended_at: datetime) -> None:
    """Keep when a run of a flow ended well (UTC). Raises OSError."""
    path = _path(settings, flow)
    create_folder(path.parent)
    with private_files():
        replace_file(path, _Success(ended_at=ended_at).model_dump_json(indent=2).encode())


def last_success(settings: Settings, flow: str) -> datetime | None:
    """Return when a run of a flow last ended well (UTC); None where that is not known."""
    try:
        return _Success.model_validate_json(_path(settings, flow).read_bytes()).ended_at
    except (FileNotFoundError, ValidationError):
        return None


def _path(settings: Settings, flow: str) -> Path:
    return settings.root / "last_success" / f"{Path(flow).name}.json"
