"""The error of releases."""

from warehouse.storage.errors import SaraiError


class ReleaseError(SaraiError):
    """A release could not be made, found or switched; the message names the reason and what to do."""
