"""The flow that serves: the current release is copied to the shared server, for members and for the public."""

import logging
from typing import Any

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows.runs.alerts import FLOW_OPTIONS
from flows.runs.failures import raise_all, results_of
from flows.runs.limits import limited
from flows.runs.summaries import Summary, show
from warehouse.releases.catalogue import current_release
from warehouse.serving.errors import ServingError, UnreachableError
from warehouse.serving.outcome import Outcome, describe_outcome
from warehouse.serving.serve import Edition, editions_to_serve, serve as serve_edition
from warehouse.serving.server import require_packages
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Return whether a retry can help: the server starts anew, or the way to it is closed for a moment."""
    return isinstance(state.result(raise_on_failure=False), UnreachableError)


@task(retries=2, retry_delay_seconds=[10, 60], retry_condition_fn=_may_pass, cache_policy=NO_CACHE)
def copy(edition: Edition, settings: Settings) -> Outcome:
    """Load, verify and switch to an edition; see warehouse.serving.serve.serve."""
    require_packages()
    outcome = serve_edition(edition, settings)
    for line in describe_outcome(outcome):
        log.info("%s: %s", "Public" if edition.is_public else "Members", line)
    return outcome


@flow(name="serve", **FLOW_OPTIONS)
def serve() -> list[Outcome]:
    """Serve the current release to members and, where its server is named, its public edition; returns what was done.

    Without a server or a release it says so and is done. What fails for one circle of readers is served to the other
    all the same; then raises ServingError, as it does where a reader keeps an older release under an earlier policy.
    The release itself is only read.
    """
    settings = Settings()
    release = current_release(settings)
    editions = editions_to_serve(release, settings) if release else []
    if not release:
        log.info("Nothing to serve: nothing was published yet.")
    elif not settings.server_url and not settings.public_server_url:
        log.info("Nothing to serve: no server is named.")
    if release and settings.public_server_url and not release.public_database.exists():
        log.warning("Release %d has no public edition; the public sees the one that was served before.", release.number)
    with limited(settings):
        states = [copy(edition, settings, return_state=True) for edition in editions]
        results = results_of(states)
        raise_all(results, ServingError)
    outcomes = [result for result in results if isinstance(result, Outcome)]
    done = [f"release {release.number}"] if release and outcomes else ["nothing to serve"]
    show(Summary(done if any(one.is_switched for one in outcomes) or not outcomes else [*done, "already"]))
    if held := sorted({number for one in outcomes for number in one.held}):
        raise ServingError(
            f"Release {', '.join(map(str, held))} is still read under an earlier access.yml, as a reader holds it. Run "
            "`sarai serve` again when that has ended."
        )
    return outcomes
