"""The front page of a release: what is new, its pages, files to download, how it was checked and how to cite it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.corrections.published import Step
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.front.downloads import DOWNLOADS, Download
from warehouse.bulletin.front.making import checks, making, signature
from warehouse.bulletin.front.news import news
from warehouse.bulletin.pages import DICTIONARY, Page
from warehouse.dictionary.pages import page_name
from warehouse.kits.naming import citation
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FRONT = "index"
_TITLE, _MENU = N_("Bulletin of release {number}"), N_("Overview")
_LEDE = N_("What five states of Central Asia reported of drugs and precursors, month by month.")
_LACKING = N_(
    "An earlier version of Sarai wrote this release, or it has no public edition. Pages and figures that need these "
    "tables are left out: {marts}."
)
_MONTHS, _YEARS, _STATES, _OTHERS = N_("Months"), N_("Years"), N_("Profiles of states"), N_("Further pages")
_KINDS = {"month-": _MONTHS, "year-": _YEARS, "country-": _STATES}


def front_page(
    edition: Edition,
    pages: Sequence[Page],
    steps: Sequence[Step],
    downloads: Sequence[Download],
    key: "Ed25519PrivateKey | None",
) -> Page:
    """Return the front page; ``pages`` are all others of the bulletin, the newest of each kind first.

    ``steps`` lead to the release from those before it, and ``key`` signs the bulletin, if there is one.
    """
    source = edition.source
    values: dict[str, Any] = {
        "news": [*news(edition, steps)],
        "has_corrections": any(step.changes for step in steps),
        "groups": [*_grouped(edition, pages)],
        "downloads": [*_shown(edition, downloads)],
        "citation": citation(source, edition.language),
        "checks": [*checks(edition)],
        "making": [*making(edition)],
        "signature": signature(edition, key),
        "is_signed": key is not None,
        "folder": f"bulletin/{source.audience}/{source.release.number}",
        "dictionary": f"{DICTIONARY}/{page_name('index', edition.language)}",
    }
    return Page(
        name=FRONT,
        title=edition.say(_TITLE, number=source.release.number),
        lede=edition.say(_LEDE),
        menu=edition.say(_MENU),
        notices=[edition.say(_LACKING, marts=", ".join(edition.lacking))] if edition.lacking else [],
        template="front.html.j2",
        values=values,
    )


def _grouped(edition: Edition, pages: Iterable[Page]) -> Iterator[tuple[str, list[Page]]]:
    """Yield the kinds of pages by their titles, with their pages."""
    groups: dict[str, list[Page]] = {kind: [] for kind in (*_KINDS.values(), _OTHERS)}
    for page in pages:
        groups[next((kind for start, kind in _KINDS.items() if page.name.startswith(start)), _OTHERS)].append(page)
    yield from ((edition.say(kind), found) for kind, found in groups.items() if found)


def _shown(edition: Edition, downloads: Iterable[Download]) -> Iterator[Mapping[str, str]]:
    for one in downloads:
        is_here = one.path.startswith(f"{DOWNLOADS}/")
        yield {
            "name": one.path.removeprefix(f"{DOWNLOADS}/"),
            "href": one.path if is_here else "",
            "size": one.size_in(edition.language),
            "sha256": one.sha256,
        }
