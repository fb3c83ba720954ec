"""How many examples a test by chance tries: few in `make test`, many in `make fuzz`."""

import os

IS_LONG = os.environ.get("EXAMPLES") == "many"


def examples(few: int, many: int) -> int:
    """Return how many examples to try; a test that asks bears the mark ``chance``, by which `make fuzz` finds it."""
    return many if IS_LONG else few
