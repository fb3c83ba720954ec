"""Files as old as those that nobody writes any more: receiving leaves one that may still be copied for the next run."""

import os
from pathlib import Path

_AGE_S = 3600


def settle(path: Path) -> None:
    """Let the last change of a file be an hour ago, so that nobody waits for it to settle."""
    before = path.stat().st_mtime - _AGE_S
    os.utime(path, (before, before))
