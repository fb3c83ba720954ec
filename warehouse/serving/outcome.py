"""What serving a release did, and the lines that say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warehouse.serving.access import Access


@dataclass(frozen=True)
class Outcome:
    """What serving did: ``is_loaded`` if rows were copied, ``removed`` are releases that are served no more.

    ``changes`` is how the policy differs from that of before, ``unnamed`` what it does not name and nobody sees,
    ``altered`` the tables and views of which somebody let readers see more or less than the policy, by hand.
    """

    number: int
    is_switched: bool
    is_loaded: bool
    access: Access
    changes: Sequence[str]
    unnamed: Sequence[str]
    altered: Sequence[str]
    removed: Sequence[int] = ()


def describe_outcome(outcome: Outcome, *, is_foreseen: bool = False) -> Iterator[str]:
    """Yield lines on what was done, or would be."""
    yield from outcome.changes
    for name in outcome.unnamed:
        yield f"{name} is not in access.yml: nobody sees it."
    for name in outcome.altered:
        yield f"{name} was changed by hand: readers may see of it what `sarai serve` did not let them."
    would = "would be" if is_foreseen else "is"
    if not outcome.is_switched:
        yield f"Release {outcome.number} is served already, under access version {outcome.access.version}."
    else:
        done = "loaded, verified and served" if outcome.is_loaded else "served"
        yield f"Release {outcome.number} {would} {done}, under access version {outcome.access.version}."
    for number in outcome.removed:
        yield f"Release {number} is no longer on the server."
