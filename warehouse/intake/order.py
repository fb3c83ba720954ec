"""The order of files that came in one run: revision number, then modification time, then name in natural order."""

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath

# Words before the number of a revision in a file's name: v10, ver.2, rev2, ред2, в.2, испр_3.
_REVISION = re.compile(
    r"(?<![^\W\d_])(?:v|ver|version|rev|revision|corr|ред|редакция|в|вер|версия|испр|исправление|исправленный)"
    r"[\W_]{0,2}(\d{1,4})(?!\d)(?![-.]\d{1,2}(?!\d))",
    re.IGNORECASE,
)

OrderKey = tuple[int, float, list[tuple[bool, int, str]], str]


def order_key(file_name: str, stated: int | None, modified_at: datetime | None) -> OrderKey:
    """Return what sorts files of one run from the first to the last, which counts.

    ``stated`` is the revision number of the cover; without one that of the file's name counts, and a file without
    either has 0. A modification time (UTC without a zone) that is not known comes first.
    """
    return (
        revision_of(file_name, stated),
        modified_at.replace(tzinfo=UTC).timestamp() if modified_at else 0,
        natural_key(file_name),
        file_name,
    )


def revision_of(file_name: str, stated: int | None) -> int:
    """Return the revision number that a file gives itself: that of its cover, else of its name, 0 without either."""
    return stated if stated is not None else named_revision(file_name)


def named_revision(file_name: str) -> int:
    """Return the last revision number that a file's name states, e.g. 10 of KAZ_2024-05_v10.csv; 0 if none."""
    numbers = _REVISION.findall(PurePosixPath(file_name).stem)
    return int(numbers[-1]) if numbers else 0


def natural_key(file_name: str) -> list[tuple[bool, int, str]]:
    """Return what sorts names as people do: numbers by value, letters without case, the suffix not at all."""
    parts = re.findall(r"\d+|\D+", PurePosixPath(file_name).with_suffix("").as_posix().casefold())
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
