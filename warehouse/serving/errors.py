"""The error of the shared server."""

from warehouse.storage.errors import SaraiError


class ServingError(SaraiError):
    """A release could not be served; the message names the reason and what to do."""
