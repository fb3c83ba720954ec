"""The error of releases."""


class ReleaseError(RuntimeError):
    """A release could not be made, found or switched; the message names the reason and what to do."""
