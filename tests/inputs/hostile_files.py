"""What a hostile or broken file is made of, and what must be said of it: the parts that all tables of cases share.

A case makes its bytes when the test runs, so nothing big is kept. ``told`` are all findings about the file, those of
the readers and those of the gate, no more and no fewer; ``rows`` are the rows of seizures that it must land with,
letter by letter.
"""

import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Make = Callable[[], bytes] | bytes
Row = tuple[str, str, str, str, str]

HEAD = "Date;Drug;Quantity;Unit\n"
LINE = "2024-05-01;heroin;1;kg\n"
GOOD: Row = ("2", "2024-05-01", "heroin", "1", "kg")


class Told(NamedTuple):
    """An expected finding: severity, rule, row, and words that its message in English holds."""

    severity: str
    rule: str
    row: int | None
    words: str


@dataclass(frozen=True)
class Case:
    """A file: its name below the inbox, its bytes, and what must become of it; ``accepted`` is None if it is rejected.

    ``cells`` are further answers of the first landed row, field → text.
    """

    file_name: str
    make: Make
    told: tuple[Told, ...] = ()
    rows: tuple[Row, ...] = ()
    accepted: int | None = None
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The bytes, made anew."""
        return self.make if isinstance(self.make, bytes) else self.make()


def wrong(rule: str, row: int | None, words: str) -> Told:
    return Told("error", rule, row, words)


def warned(rule: str, row: int | None, words: str) -> Told:
    return Told("warning", rule, row, words)


def place(name: str, ending: str) -> str:
    return f"KAZ/KAZ_2024-05_{name}.{ending}"


def refused(name: str, ending: str, make: Make, words: str, rule: str = "file_unreadable") -> Case:
    """A file that cannot be read, or in which no table is found: one finding and no row."""
    return Case(place(name, ending), make, (wrong(rule, None, words),))


def odd(name: str, ending: str, make: Make, *told: Told, rows: Iterable[Row] = (GOOD,), **cells: str) -> Case:
    """A file that only looks bad: all of its rows are accepted."""
    kept = tuple(rows)
    return Case(place(name, ending), make, told, kept, len(kept), cells)


def bad_rows(name: str, ending: str, make: Make, *told: Told, rows: Iterable[Row], accepted: int | None = None) -> Case:
    """A file that is read rightly and whose rows are judged: ``accepted`` of them count."""
    return Case(place(name, ending), make, told, tuple(rows), accepted)


def zipped(parts: Iterable[tuple[str | zipfile.ZipInfo, bytes | Iterator[bytes]]], method: int = zipfile.ZIP_DEFLATED,
           ) -> bytes:  # fmt: skip
    """Pack parts in their order, two of one name too; an iterator is a part too large to be held."""
    target = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(target, "w", method, compresslevel=1) as archive:
        for name, content in parts:
            if isinstance(content, bytes):  # under a name of no moment, so that the bytes are always the same
                info = zipfile.ZipInfo(name) if isinstance(name, str) else name
                info.compress_type = method
                archive.writestr(info, content)
            else:
                with archive.open(name, "w", force_zip64=True) as part:
                    for chunk in content:
                        part.write(chunk)
    return target.getvalue()


def lying(packed: bytes, name: str, size: int) -> bytes:
    """Return the archive with another unpacked size written at a part, in its own header and in the directory."""
    changed = bytearray(packed)
    for signature, size_at, name_at in ((b"PK\3\4", 22, 30), (b"PK\1\2", 24, 46)):
        at = packed.index(name.encode(), packed.index(signature)) - name_at
        while packed[at : at + 4] != signature:
            at = packed.index(name.encode(), at + name_at + 1) - name_at
        changed[at + size_at : at + size_at + 4] = size.to_bytes(4, "little")
    return bytes(changed)
