"""How a release was checked and made, and how to cite it and verify its bulletin, in words for whoever reads pages."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.edition import Edition
from warehouse.kits.naming import day_of
from warehouse.releases.catalogue import require_published
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_FOUND = N_("Warnings: {warnings}; errors that were waived: {waived}. None of them stopped the publication.")
_WITHIN = N_("Sums have to agree, shares and dates to be possible, and a figure that jumps is told.")
_MADE = N_(
    "States answer one questionnaire (version {questionnaire}); rows with an error are held back, and each "
    "figure follows from the others by a published formula. Sarai {version} made the release on {day}."
)
_RULES = N_("Sentences and charts follow from rules and figures alone; nobody writes them by hand.")
_SIGNED = N_("This bulletin is signed by Ed25519. The sha256 of the public key is {fingerprint}.")
_UNSIGNED = N_("This bulletin is not signed: its files can be checked, and not who wrote them.")


def checks(edition: Edition) -> Iterator[str]:
    """Yield what the gate before publication found, in numbers alone; raises ReleaseError where that has changed."""
    release = edition.source.release
    path = release.path / "gate" / "results.json"
    require_published(release, path)
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    count = sum(len(suite["rules"]) for suite in results["suites"])
    yield edition.ngettext(
        "{count} check was made before the publication, on these many tables: {tables}.",
        "{count} checks were made before the publication, on these many tables: {tables}.",
        count,
        tables=len(results["suites"]),
    )
    yield edition.say(_FOUND, warnings=results["warnings_count"], waived=len(results["waivers"]))
    yield edition.say(_WITHIN)


def making(edition: Edition) -> Iterator[str]:
    """Yield how the release and its pages were made."""
    package = edition.source.package
    versions = {"questionnaire": str(package["questionnaire_version"]), "version": str(package["code_version"])}
    yield edition.say(_MADE, **versions, day=day_of(edition.source))
    yield edition.say(_RULES)


def signature(edition: Edition, key: "Ed25519PrivateKey | None") -> str:
    """Return whether the bulletin is signed, and by which key."""
    from warehouse.releases.signing import key_fingerprint

    if key is None:
        return edition.say(_UNSIGNED)
    return edition.say(_SIGNED, fingerprint=key_fingerprint(key.public_key()))
