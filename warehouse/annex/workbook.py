"""The workbook of the annex: one sheet for each layout, and one that says what stands in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.annex.sheets import SHEETS, AnnexSheet
from warehouse.forms import style
from warehouse.releases.catalogue import Release
from warehouse.releases.errors import ReleaseError
from warehouse.storage.reading import open_release

if TYPE_CHECKING:
    import pandas as pd

_FIRST_ROW = 2  # below title and headings
_WIDEST = 48


def write_annex(path: Path, release: Release, year: int | None, *, for_members: bool) -> list[str]:
    """Write the annex of a release for one year, or for all, and return the names of its sheets.

    Only figures of the public edition stand in it, unless it is ``for_members``. The same release and year give the
    same bytes. Raises ReleaseError when the release has no public edition, or nothing of the year.
    """
    if not release.public_database.exists():
        raise ReleaseError(f"Release {release.number} has no public edition. Run `sarai publish`, then `sarai annex`.")
    frames = dict(_read(release, year, for_members=for_members))
    if year is not None and not any(len(frame) for frame in frames.values()):
        raise ReleaseError(f"Release {release.number} has nothing of {year}. Ask for another year with --year.")
    workbook = style.new_workbook(path)
    workbook.set_properties({"title": f"Statistical annex, release {release.number}", "created": style.CREATED})
    styles = style.Styles(workbook)
    _add_sheet(workbook, styles, "About", _title(release, year, for_members=for_members), _about(frames))
    for sheet, frame in frames.items():
        _add_sheet(workbook, styles, sheet.name, sheet.title, frame)
    workbook.close()
    return ["About", *(sheet.name for sheet in frames)]


def _read(release: Release, year: int | None, *, for_members: bool) -> Iterator[tuple[AnnexSheet, "pd.DataFrame"]]:
    """Read the rows of each sheet from the edition that it names."""
    databases = {"public": release.public_database, "members": release.database}
    condition = "true" if year is None else f"calendar_year = {year}"
    for edition, database in databases.items():
        if edition == "members" and not for_members:
            continue
        with open_release(database) as connection:
            for sheet in SHEETS:
                if sheet.edition == edition:
                    yield sheet, _ask(connection, release, sheet, condition)


def _ask(connection: duckdb.DuckDBPyConnection, release: Release, sheet: AnnexSheet, condition: str) -> "pd.DataFrame":
    try:
        return connection.execute(sheet.query.format(year=condition)).df()
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise ReleaseError(
            f"Release {release.number} lacks what the sheet “{sheet.name}” needs: an earlier version of Sarai wrote "
            "it. Run `sarai publish`, then `sarai annex`."
        ) from error


def _title(release: Release, year: int | None, *, for_members: bool) -> str:
    edition = "Figures of the members: not for publication" if for_members else "Figures of the public edition"
    return f"Statistical annex of release {release.number}, {year or 'all years'}. {edition}"


def _about(frames: dict[AnnexSheet, "pd.DataFrame"]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(
        [(sheet.name, sheet.title, len(frame), sheet.notes) for sheet, frame in frames.items()],
        columns=["Sheet", "Layout", "Rows", "What stands in it"],
    )


def _add_sheet(workbook: style.Workbook, styles: style.Styles, name: str, title: str, frame: "pd.DataFrame") -> None:
    """Add a sheet with its title in the first row and its headings in the second."""
    sheet = workbook.add_worksheet(name)
    style.write_text(sheet, 0, 0, title, styles({"bold": True}))
    for column, heading in enumerate(frame.columns):
        values = frame[heading].astype(object).where(frame[heading].notna(), None).tolist()
        width = max([len(heading), *(len(str(value)) for value in values if value is not None)])
        sheet.set_column(column, column, min(width + 2, _WIDEST))
        style.write_text(sheet, 1, column, heading, styles({"bold": True, "bottom": 1}))
        for row, value in enumerate(values, start=_FIRST_ROW):
            if isinstance(value, str):
                style.write_text(sheet, row, column, value, styles({}))
            elif value is not None:
                sheet.write_number(row, column, value, styles({}))
    sheet.freeze_panes(_FIRST_ROW, 0)
