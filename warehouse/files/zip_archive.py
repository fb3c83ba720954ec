"""Packed files (zip): what must hold before any part of one is trusted: its names, its sizes, its checksums."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from warehouse.files.sheet import UnreadableError
from warehouse.findings.finding import shortened
from warehouse.words.catalogue import N_

# A zip with a password of its own or a rare compression raises RuntimeError (NotImplementedError is one).
DAMAGE = (
    zipfile.BadZipFile, zlib.error, ET.ParseError, ExpatError, KeyError, OSError, EOFError, ValueError, RuntimeError,
)  # fmt: skip
CHUNK = 1 << 20


def refuse_repeats(names: Iterable[str]) -> None:
    """Refuse parts of one name, in whatever case: programs differ in which of them they read."""
    counts = Counter(name.casefold().replace("\\", "/") for name in names)
    repeated = next((name for name, count in counts.items() if count > 1), None)
    if repeated is not None:
        raise UnreadableError(
            N_(
                'the file cannot be read: "{name}" is packed in it twice, and programs differ in which one they read. '
                "Save it again from your program and send it anew."
            ),
            name=shortened(repeated),
        )


def prove_parts(archive: zipfile.ZipFile, names: Iterable[str]) -> None:
    """Unpack parts, a piece at a time, so that one which is longer than it says or has another checksum raises.

    A reader that trusts the sizes would fill the memory with them. Raises one of DAMAGE.
    """
    for name in names:
        with archive.open(name) as part:
            while part.read(CHUNK):
                pass
