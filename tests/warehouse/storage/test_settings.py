"""Settings: what is refused before it is used."""

import duckdb
import pytest
from pydantic import ValidationError

from warehouse.storage.settings import Settings


@pytest.mark.parametrize(
    "limit",
    ["4GB", " 4 gib ", "1.5GB", ".5GB", "1.GB", "1e3MB", "1E+3mb", "1e-1TB", "2000000KB", "9megabytes", "none", "-1",
     "1.5.5GB", "1eMB", "1e1.5MB", "+4GB", "1,5GB", "1_000MB", "4", "1e3", "80%", "1PB", "infGB", ".GB", "NONE", ""],
)  # fmt: skip
def test_a_memory_limit_is_what_duckdb_accepts(limit: str) -> None:
    try:
        duckdb.connect(config={"memory_limit": limit}).close()
    except duckdb.Error:
        with pytest.raises(ValidationError):
            Settings(memory_limit=limit)
    else:
        assert Settings(memory_limit=limit).memory_limit == limit
