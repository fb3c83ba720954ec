"""The flow that makes the bulletin: pages of the current release for all who may read it."""

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.everybody import log_made, make_for_everybody
from flows.runs.alerts import FLOW_OPTIONS
from warehouse.bulletin.bulletin import make_bulletin
from warehouse.kits.folder import Made
from warehouse.kits.source import opened
from warehouse.releases.catalogue import Release
from warehouse.releases.signing import read_signing_key
from warehouse.storage.permissions import private_files
from warehouse.storage.settings import Settings


@task(cache_policy=NO_CACHE)
def make(release: Release, audience: str, settings: Settings) -> list[Made]:
    """Make the bulletin of one audience; raises KitError."""
    with private_files(), opened(release, audience, settings) as source:
        made = make_bulletin(source, settings.bulletin, read_signing_key(settings))
    log_made(made)
    return [made]


@flow(name="bulletin", **FLOW_OPTIONS)
def bulletin() -> list[Made]:
    """Make the bulletin of the current release for everybody who may read it, as ``make_for_everybody`` says."""
    return make_for_everybody(make, "bulletin")
