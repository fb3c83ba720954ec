"""The errors of kits."""

from warehouse.storage.errors import SaraiError


class KitError(SaraiError):
    """A kit could not be made; the message names the reason and what to do."""


class NothingToShowError(KitError):
    """A kit would be empty: its audience may see nothing that the tool could show."""
