"""The errors of the shared server."""

from warehouse.storage.errors import SaraiError


class ServingError(SaraiError):
    """A release could not be served; the message names the reason and what to do."""


class UnreachableError(ServingError):
    """The server did not answer, or could not do now what it was asked: later it may."""
