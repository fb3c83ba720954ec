"""What serving a release did, and the lines that say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warehouse.serving.access import Access


@dataclass(frozen=True)
class Outcome:
    """What serving did: ``is_loaded`` if rows were copied, ``removed`` are releases that are served no more.

    ``changes`` is how the policy differs from that of before, ``unnamed`` what it does not name and nobody sees. By
    hand were changed ``altered``, tables and views of which readers saw more or less than they were left, and rows, if
    ``spoiled`` says how they differ from the release. ``behind`` are releases that stay and follow another policy than
    they must; a reader holds ``held`` of them, which follow theirs once a release is served again.
    """

    number: int
    is_switched: bool
    is_loaded: bool
    access: Access
    changes: Sequence[str]
    unnamed: Sequence[str]
    altered: Sequence[str]
    spoiled: str | None
    behind: Sequence[int]
    removed: Sequence[int]
    held: Sequence[int] = ()

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do, of this release or of those that stay."""
        return bool(self.is_switched or self.altered or self.behind or self.removed)


def describe_outcome(outcome: Outcome, *, is_foreseen: bool = False) -> Iterator[str]:
    """Yield lines on what was done, or would be."""
    yield from outcome.changes
    for name in outcome.unnamed:
        yield f"{name} is not in access.yml: nobody sees it."
    for name in outcome.altered:
        yield f"{name} was changed by hand: readers may see of it what `sarai serve` did not let them."
    if outcome.spoiled:
        yield f"Rows were changed by hand. {outcome.spoiled}."
    would = "would be" if is_foreseen else "is"
    if not outcome.is_switched:
        yield f"Release {outcome.number} is served already, under access version {outcome.access.version}."
    else:
        done = "loaded, verified and served" if outcome.is_loaded else "served"
        yield f"Release {outcome.number} {would} {done}, under access version {outcome.access.version}."
    for number in outcome.behind:
        if number not in outcome.held:
            yield f"Release {number} {would} brought under it too."
    for number in outcome.removed:
        yield f"Release {number} {would} no longer on the server."
    for number in outcome.held:
        yield (
            f"Release {number} stays as it was, as a reader holds it. Run `sarai serve` again to bring it under "
            "access.yml."
        )
