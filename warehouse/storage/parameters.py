"""Parameters of queries: DuckDB imports pandas for the first one, to tell whether a value is missing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_pandas() -> Iterator[None]:
    """Keep DuckDB from importing pandas, which takes longer than all queries of a small command, in what runs inside.

    Every value then costs 5 µs more. Where pandas is imported already, nothing changes; else nobody can do so inside.
    """
    if "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # how Python notes that there is no such module
    try:
        yield
    finally:
        del sys.modules["pandas"]
