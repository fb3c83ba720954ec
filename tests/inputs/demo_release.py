"""The current release of SARAI_HOME, for programs that an operator starts after `make demo`."""

import sys

from warehouse.releases.catalogue import Release, current_release
from warehouse.storage.settings import Settings


def demo_release(settings: Settings) -> Release:
    """Return the current release; ends the program without one."""
    release = current_release(settings)
    if release is None:
        sys.exit("There is no release. Run `make demo`.")
    return release
