"""The bulletin of a release for one audience: which pages there are, and what is written beside them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from warehouse.bulletin.corrections.section import (
    DATA,
    Corrections,
    correction_frame,
    read_corrections,
    with_corrections,
)
from warehouse.bulletin.country.page import country_pages
from warehouse.bulletin.edition import Edition, open_edition
from warehouse.bulletin.front.downloads import copy_public_edition, kits_on_disk
from warehouse.bulletin.front.page import front_page
from warehouse.bulletin.front.releases import write_choice, write_news, write_releases
from warehouse.bulletin.month.page import month_pages
from warehouse.bulletin.pages import DICTIONARY, Page, render
from warehouse.bulletin.periods import (
    Periods,
    months_shown_before,
    months_with_pages,
    years_shown_before,
    years_with_pages,
)
from warehouse.bulletin.year.report import year_pages
from warehouse.dictionary import pages as dictionary
from warehouse.dictionary.pages import page_name
from warehouse.kits.errors import KitError
from warehouse.kits.folder import Kit, Made, make_folder
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, Source
from warehouse.questionnaire.language import LANGUAGES
from warehouse.releases.formats import disarm_text

if TYPE_CHECKING:
    import pandas as pd
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ALWAYS = Periods()


def make_bulletin(
    source: Source, folder: Path, key: "Ed25519PrivateKey | None" = None, asked: Periods = _ALWAYS
) -> Made:
    """Make the bulletin of a release as its audience sees it: ``folder``/<audience>/<number>, complete or absent.

    An audience has a folder of its own, so that a web server can show it whole and nothing of others; beside the
    bulletin stand pages that list all of that audience. ``asked`` are periods that have pages beside those that always
    have. Raises KitError.
    """
    place = folder / source.audience
    write = partial(_write, place=place, asked=asked, key=key)
    kit = Kit("bulletin", "Bulletin in English and Russian", write, ("vl_convert",))
    made = make_folder(kit, source, folder, place / str(source.release.number), key)
    with FileLock(folder / ".lock"):  # of two that are made at once, the last one lists both
        write_releases(place, source.audience)
    return made


def _write(source: Source, folder: Path, *, place: Path, asked: Periods, key: "Ed25519PrivateKey | None") -> None:
    english, corrections = open_edition(source), read_corrections(source)
    shown = _shown(english, asked, place, corrections)
    (folder / "data").mkdir()
    downloads = copy_public_edition(source, folder) if source.is_public else [*kits_on_disk(source)]
    for language in LANGUAGES:
        edition = replace(english, language=language)
        others = [*_pages(edition, shown, corrections, place)]
        pages = [front_page(edition, others, corrections.steps, downloads, key), *others]
        for page in pages:
            text = render(page, edition, pages)
            (folder / page_name(page.name, language)).write_text(text + "\n", encoding="utf-8")
            if language == LANGUAGES[0]:
                _write_data(page, folder)
    if corrections.months & {*shown.months}:
        write_csv(correction_frame(english, corrections), folder / DATA)
    write_news(english, corrections.steps, folder)
    write_choice(folder)
    (folder / DICTIONARY).mkdir()
    dictionary.write(english.source, folder / DICTIONARY)


def _shown(edition: Edition, asked: Periods, place: Path, corrections: Corrections) -> Periods:
    """Return the periods that have pages; of months that were corrected there is one, also where nobody reports any.

    A state's own edition has none, but its profile: it does not see how the region changed. Raises KitError for
    periods asked for that have no page.
    """
    if edition.source.audience not in {PUBLIC, MEMBERS, CENTRE}:
        if asked != Periods():
            raise KitError(
                "The bulletin of a state holds its profile, and no page of a month or year. Leave out --month and "
                "--year, or leave out --for: the bulletin for all members has such pages."
            )
        return Periods()
    number = edition.source.release.number
    months_before = {*months_shown_before(place, number)} & {*edition.months}
    return Periods(
        months=(*months_with_pages(edition, asked.months, months_before | corrections.months),),
        years=(*years_with_pages(edition, asked.years, {*years_shown_before(place, number)}),),
    )


def _pages(edition: Edition, shown: Periods, corrections: Corrections, place: Path) -> Iterator[Page]:
    """Yield all pages but the front page, the newest of each kind first."""
    for month in shown.months:
        page, *further = month_pages(edition, month)
        yield with_corrections(edition, page, corrections.of(month), place)
        yield from further
    for year in shown.years:
        yield from year_pages(edition, year)
    yield from country_pages(edition)


def _write_data(page: Page, folder: Path) -> None:
    """Write what each figure shows as CSV, whole."""
    for one in page.figures:
        write_csv(one.frame, folder / one.data)


def write_csv(frame: "pd.DataFrame", path: Path) -> None:
    """Write a frame as a release writes its tables: of no text a spreadsheet runs anything."""
    texts = {name: frame[name].map(_disarmed) for name in frame if frame[name].dtype.kind == "O"}
    shown = frame.assign(**{str(name): text for name, text in texts.items()})
    shown.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _disarmed(value: object) -> object:
    return disarm_text(value) if isinstance(value, str) else value
