"""The bulletin of a release for one audience: which pages there are, and what is written beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.bulletin.edition import Edition, open_edition
from warehouse.bulletin.front.page import front_page
from warehouse.bulletin.month.page import month_page
from warehouse.bulletin.pages import DICTIONARY, Page, render
from warehouse.dictionary import pages as dictionary
from warehouse.dictionary.pages import page_name
from warehouse.kits.folder import Kit, Made, make_folder
from warehouse.kits.source import Source
from warehouse.questionnaire.language import LANGUAGES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_MONTHS = 12  # pages of months, if no others are asked for


def make_bulletin(source: Source, folder: Path, key: "Ed25519PrivateKey | None" = None) -> Made:
    """Make the bulletin of a release as its audience sees it: ``folder``/<audience>/<number>, complete or absent.

    An audience has a folder of its own, so that a web server can show it whole and nothing of others. Raises KitError.
    """
    kit = Kit("bulletin", "Bulletin in English and Russian", _write)
    return make_folder(kit, source, folder, folder / source.audience / str(source.release.number), key)


def _write(source: Source, folder: Path) -> None:
    english = open_edition(source)
    (folder / "data").mkdir()
    for language in LANGUAGES:
        edition = replace(english, language=language)
        pages = [*_pages(edition)]
        for page in pages:
            text = render(page, edition, pages)
            (folder / page_name(page.name, language)).write_text(text + "\n", encoding="utf-8")
            if language == LANGUAGES[0]:
                _write_data(page, folder)
    (folder / DICTIONARY).mkdir()
    dictionary.write(english.source, folder / DICTIONARY)


def _pages(edition: Edition) -> Iterator[Page]:
    months = [month_page(edition, month) for month in _months(edition.months)]
    yield front_page(edition, months)
    yield from months


def _months(reported: Sequence[date]) -> Sequence[date]:
    """Return the months that have a page, the newest first."""
    return [*reversed(reported[-_MONTHS:])]


def _write_data(page: Page, folder: Path) -> None:
    """Write what each figure shows as CSV (UTF-8), whole."""
    for one in page.figures:
        one.frame.to_csv(folder / one.data, index=False, lineterminator="\n", encoding="utf-8")
