"""Nil returns: of the whole report or of single tables, covers say that there was nothing to report."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from warehouse.questionnaire.codelists import means_yes
from warehouse.questionnaire.definition import Questionnaire
from warehouse.sheets.sheet_scan import SheetScan


@dataclass(frozen=True)
class NilReturn:
    """What the covers of a file say about tables without rows.

    ``whole`` is the cover that says that no table has anything to report. ``tables`` are those of which a cover says
    it, with the cover; ``sheets`` the sheets above whose own table it stands, of several tables or months. ``asked``
    are all tables that a cover asks about: of them an empty sheet alone says nothing. ``unclear`` are answers that are
    not understood, as pairs of table and text.
    """

    whole: SheetScan | None
    tables: Mapping[str, SheetScan]
    sheets: frozenset[str]
    asked: frozenset[str]
    unclear: tuple[tuple[str, str], ...]

    @property
    def is_stated(self) -> bool:
        """Whether anything is said to be nil."""
        return self.whole is not None or bool(self.tables or self.sheets)

    def names(self, table: str, sheet: str) -> bool:
        """Return whether a table alone is said to have no rows, or none on this sheet."""
        return table in self.tables or sheet in self.sheets

    def covers(self, table: str, sheet: str) -> bool:
        """Return whether a table is said to have no rows on this sheet, alone or with all others."""
        return self.whole is not None or self.names(table, sheet)

    def added_tables(self, present: Collection[str], questionnaire: Questionnaire) -> Iterator[SheetScan]:
        """Yield an empty table for each that is said to be nil and is not among those ``present``."""
        for table in questionnaire.tables:
            cover = self.tables.get(table.name, self.whole)
            if cover and table.name not in present:
                yield replace(cover, header=None, table=table)


def read_nil_return(scans: Sequence[SheetScan], codelists: Path) -> NilReturn:
    """Return what covers say; what stands above one table of several is said of that table alone."""
    is_of_several = sum(scan.table is not None for scan in scans) > 1
    stating = [scan for scan in scans if means_yes(scan.cover.get("nil_return", ""), codelists)]
    own = frozenset(scan.sheet.name for scan in stating if scan.table and is_of_several)
    answers = [(table, text, scan) for scan in scans for table, text in scan.nil_answers.items()]
    meant = [(table, text, scan, means_yes(text, codelists)) for table, text, scan in answers]
    return NilReturn(
        next((scan for scan in stating if scan.sheet.name not in own), None),
        {table: scan for table, _, scan, is_nil in meant if is_nil},
        own,
        frozenset(table for table, _, _ in answers),
        tuple((table, text) for table, text, _, is_nil in meant if text and is_nil is None),
    )
