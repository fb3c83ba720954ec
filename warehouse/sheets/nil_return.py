"""Nil returns: of the whole report or of single tables, covers say that there was nothing to report."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from warehouse.questionnaire.codelists import means_yes
from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.headings import is_form_sheet
from warehouse.sheets.sheet_scan import SheetScan


@dataclass(frozen=True)
class NilReturn:
    """What the covers of a file say about tables without rows.

    ``whole`` is the cover that says that no table has anything to report. ``tables`` are those of which a cover says
    it, with the cover; ``sheets`` the sheets above whose own table it stands, of several tables or months. ``asked``
    are all tables of a file of which a cover asks about any: of them an empty sheet alone says nothing. So it does in a
    form that ``lost_cover``. ``unclear`` are answers that are not understood, as pairs of table and text.
    """

    whole: SheetScan | None
    tables: Mapping[str, SheetScan]
    sheets: frozenset[str]
    asked: frozenset[str]
    unclear: tuple[tuple[str, str], ...]
    lost_cover: bool = False

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
    present = {scan.table.name for scan in scans if scan.table}
    stating = [scan for scan in scans if means_yes(scan.cover.get("nil_return", ""), codelists)]
    is_of_several = sum(scan.table is not None for scan in scans) > 1
    own = frozenset(scan.sheet.name for scan in stating if scan.table and is_of_several)
    answers = [(table, text, scan) for scan in scans for table, text in scan.nil_answers.items()]
    meant = [(table, text, scan, means_yes(text, codelists)) for table, text, scan in answers]
    asked, lost_cover = {table for table, _, _ in answers}, _has_lost_cover(scans)
    return NilReturn(
        next((scan for scan in stating if scan.sheet.name not in own), None),
        {table: scan for table, _, scan, is_nil in meant if is_nil},
        own,
        frozenset(asked | present if asked or lost_cover else ()),
        tuple((table, text) for table, text, _, is_nil in meant if text and is_nil is None),
        lost_cover,
    )


def _has_lost_cover(scans: Sequence[SheetScan]) -> bool:
    """Tell whether sheets of the form came without its cover: by its lists, or by the words above its tables."""
    tables = [scan for scan in scans if scan.header and scan.table]
    is_form = any(is_form_sheet(scan.sheet.name) for scan in scans) or any(map(_is_of_form, tables))
    return bool(tables) and is_form and not any(scan.cover for scan in scans if scan.header is None)


def _is_of_form(scan: SheetScan) -> bool:
    above = [cell for row in scan.top[: scan.header.first if scan.header else 0] for cell in row]
    description = scan.known_table.description
    return any(text in cell for text in (description.en, description.ru) for cell in above)
