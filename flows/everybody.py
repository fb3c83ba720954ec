"""What is made of the current release for all who may read it: one audience's failure is not that of the others."""

import logging
from typing import TYPE_CHECKING

from flows.runs.failures import raise_all, results_of
from flows.runs.limits import limited
from flows.runs.summaries import Summary, counted, show
from warehouse.kits.errors import KitError
from warehouse.kits.folder import Made
from warehouse.kits.source import audiences_of
from warehouse.releases.catalogue import Release, current_release
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from typing import Any

    from prefect import Task

log = logging.getLogger("sarai")


def make_for_everybody(make: "Task[[Release, str, Settings], Any]", noun: str) -> list[Made]:
    """Run a task that returns a list of Made for the public, all members, the centre and each state.

    Returns all that was made; without a release says so and is done. What fails for one audience is made for the others
    all the same; then raises KitError with all that stopped any. The release itself is only read. ``noun`` is what is
    made, as in "kit".
    """
    settings = Settings()
    release = current_release(settings)
    if release is None:
        log.info("No %ss to make: nothing was published yet.", noun)
        show(Summary(["nothing published"]))
        return []
    with limited(settings):
        audiences = audiences_of(release, settings)
        results = results_of([make(release, audience, settings, return_state=True) for audience in audiences])
        done = [one for result in results if isinstance(result, list) for one in result]
        show(Summary([f"release {release.number}", counted(len(done), noun)]))
        named = zip(audiences, results, strict=True)
        told = [KitError(f"For {one}: {result}") if isinstance(result, SaraiError) else result for one, result in named]
        raise_all(told, KitError)
    return done


def log_made(made: Made) -> None:
    """Log where something was made, and of how many files."""
    log.info("%s: %s%s", made.path, counted(made.files_count, "file"), "" if made.is_new else ", as they were")
