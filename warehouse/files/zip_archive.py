"""Zip archives: checks of names, sizes and checksums that precede any use of their members."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from warehouse.files.sheet import UnreadableError
from warehouse.findings.finding import shortened
from warehouse.words.catalogue import N_

# RuntimeError is what an encrypted member raises, and as NotImplementedError one in an unsupported compression.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, ET.ParseError, ExpatError, KeyError, OSError, EOFError, ValueError, RuntimeError,
)  # fmt: skip
MAX_WORKBOOK_BYTES = 600_000_000  # unpacked
_PIECE_BYTES = 1 << 20


def refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Raise UnreadableError for a workbook that takes more than MAX_WORKBOOK_BYTES as its members declare."""
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_WORKBOOK_BYTES:
        raise UnreadableError(
            N_(
                "the file cannot be read: unpacked, the workbook takes {size} MB. "
                "Delete unused rows, styles and pictures and save it again."
            ),
            size=round(unpacked / 1e6),
        )


def first_repeated(names: Iterable[str]) -> str | None:
    """Return the first name, casefolded, that occurs more than once whatever its case; None if all differ."""
    counts = Counter(name.casefold() for name in names)
    return next((name for name, count in counts.items() if count > 1), None)


def refuse_repeated_members(names: Iterable[str]) -> None:
    """Raise UnreadableError for two members of the same name, ignoring case: programs differ in which one they read."""
    repeated = first_repeated(name.replace("\\", "/") for name in names)
    if repeated is not None:
        raise UnreadableError(
            N_(
                'the file cannot be read: "{name}" is packed in it twice, and programs differ in which one they read. '
                "Save it again from your program and send it anew."
            ),
            name=shortened(repeated),
        )


def check_archive(archive: zipfile.ZipFile) -> None:
    """Check a workbook of which every member is read: its size, names and checksums; raises as those checks do."""
    refuse_bomb(archive)
    refuse_repeated_members(archive.namelist())
    check_members(archive, archive.namelist())


def check_members(archive: zipfile.ZipFile, names: Iterable[str]) -> None:
    """Decompress members piece by piece to check their declared sizes and checksums; raises one of DAMAGE.

    A reader that trusts declared sizes could otherwise be made to fill the memory.
    """
    for name in names:
        with archive.open(name) as member:
            while member.read(_PIECE_BYTES):
                pass
