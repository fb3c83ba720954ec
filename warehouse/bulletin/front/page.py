"""The front page of a release: its pages, the newest first."""

from collections.abc import Sequence

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.pages import Page
from warehouse.words.catalogue import N_

FRONT = "index"
_TITLE, _MENU = N_("Bulletin of release {number}"), N_("Overview")
_LEDE = N_("What five states of Central Asia reported of drugs and precursors, month by month.")


def front_page(edition: Edition, months: Sequence[Page]) -> Page:
    """Return the front page; ``months`` are the pages of months, the newest first."""
    return Page(
        name=FRONT,
        title=edition.say(_TITLE, number=edition.source.release.number),
        lede=edition.say(_LEDE),
        menu=edition.say(_MENU),
        template="front.html.j2",
        values={"months": months},
    )
