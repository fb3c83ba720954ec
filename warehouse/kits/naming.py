"""What a release is called in what is made of it, and how it is cited, in English and Russian."""

from warehouse.kits.source import Source
from warehouse.questionnaire.language import Language
from warehouse.words.catalogue import N_, fill, translate

_TITLE = N_("Release {number}, {edition}")
_PUBLIC = N_("figures of the public edition")
_MEMBERS = N_("figures of the members: not for publication")
_CITATION = N_("Sarai, regional drug-control statistics, release {number} of {day}")


def title(source: Source, language: Language) -> str:
    """Return the title of what is made: which release, and whose figures."""
    edition = translate(_PUBLIC if source.is_public else _MEMBERS, language)
    return fill(_TITLE, {"number": source.release.number, "edition": edition}, language)


def day_of(source: Source) -> str:
    """Return the day (UTC, ISO) on which the release was made."""
    return str(source.package["created"])[:10]


def citation(source: Source, language: Language) -> str:
    """Return how to cite the release."""
    return fill(_CITATION, {"number": source.release.number, "day": day_of(source)}, language)
