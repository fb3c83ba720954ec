"""The error of releases."""

from warehouse.storage.errors import SaraiError

NO_RELEASE = "There is no release yet. Run `sarai publish` first."


class ReleaseError(SaraiError):
    """A release could not be made, found or switched; the message names the reason and what to do."""


class WrongLinkError(ReleaseError):
    """``current`` is a link to something that is no release here: the next release, or a rollback, replaces it."""
