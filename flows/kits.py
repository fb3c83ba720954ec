"""The flow that makes kits: the files of the current release for each tool and for all who may read it."""

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.everybody import log_made, make_for_everybody
from flows.runs.alerts import FLOW_OPTIONS
from warehouse.kits.errors import KitError, NothingToShowError
from warehouse.kits.folder import Made
from warehouse.kits.kits import KITS, make_kits
from warehouse.kits.source import opened
from warehouse.releases.catalogue import Release
from warehouse.releases.signing import read_signing_key
from warehouse.storage.permissions import private_files
from warehouse.storage.settings import Settings


@task(cache_policy=NO_CACHE)
def make(release: Release, audience: str, settings: Settings) -> list[Made]:
    """Make the kits of one audience; raises KitError with all reasons when the others are made."""
    done: list[Made] = []
    errors: list[KitError] = []
    with private_files(), opened(release, audience, settings) as source:
        for one in make_kits(KITS, source, settings.kits, read_signing_key(settings)):
            if isinstance(one, Made):
                log_made(one)
                done.append(one)
            elif not isinstance(one, NothingToShowError):
                errors.append(one)
    if errors:
        raise KitError(" ".join(str(error) for error in errors))
    return done


@flow(name="kits", **FLOW_OPTIONS)
def kits() -> list[Made]:
    """Make all kits of the current release for everybody who may read it, as ``make_for_everybody`` says."""
    return make_for_everybody(make, "kit")
