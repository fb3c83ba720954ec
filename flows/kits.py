"""The flow that makes kits: the files of the current release for each tool and for all who may read it."""

import logging

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.runs.alerts import alert, alert_unless_stopped
from flows.runs.limits import limited
from flows.runs.summaries import Summary, counted, show
from warehouse.kits.errors import KitError, NothingToShowError
from warehouse.kits.folder import Made
from warehouse.kits.kits import KITS, make_kits
from warehouse.kits.source import audiences_of, opened
from warehouse.releases.catalogue import Release, current_release
from warehouse.releases.signing import read_signing_key
from warehouse.storage.permissions import private_files
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")


@task(cache_policy=NO_CACHE)
def make(release: Release, audience: str, settings: Settings) -> list[Made]:
    """Make the kits of one audience; raises KitError with all reasons when the others are made."""
    done: list[Made] = []
    errors: list[KitError] = []
    with private_files(), opened(release, audience, settings) as source:
        for one in make_kits(KITS, source, settings.kits, read_signing_key(settings)):
            if isinstance(one, Made):
                log.info("%s: %s%s", one.path, counted(one.files_count, "file"), "" if one.is_new else ", as they were")
                done.append(one)
            elif not isinstance(one, NothingToShowError):
                errors.append(one)
    if errors:
        raise KitError(" ".join(str(error) for error in errors))
    return done


@flow(name="kits", validate_parameters=False, on_failure=[alert], on_crashed=[alert_unless_stopped])
def kits() -> list[Made]:
    """Make all kits of the current release: for the public, all members, the centre and each state.

    Returns what was made; without a release it says so and is done. What fails for one audience is made for the others
    all the same; then raises what stopped it. The release itself is only read.
    """
    settings = Settings()
    release = current_release(settings)
    if release is None:
        log.info("No kits to make: nothing was published yet.")
        show(Summary(["nothing published"]))
        return []
    with limited(settings):
        audiences = audiences_of(release, settings)
        states = [make(release, audience, settings, return_state=True) for audience in audiences]
        done = [one for state in states if state.is_completed() for one in state.result()]
        show(Summary([f"release {release.number}", counted(len(done), "kit")]))
        for state in states:
            state.result()
    return done
