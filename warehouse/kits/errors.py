"""The error of kits."""

from warehouse.storage.errors import SaraiError


class KitError(SaraiError):
    """A kit could not be made; the message names the reason and what to do."""
