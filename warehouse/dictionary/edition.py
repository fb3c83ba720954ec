"""What a dictionary is made of: a release as its reader sees it."""

from collections.abc import Mapping
from typing import Any, Protocol

import duckdb

from warehouse.releases.catalogue import Release
from warehouse.releases.marts import Mart
from warehouse.storage.settings import Settings


class Edition(Protocol):
    """A release as its reader sees it: the marts and columns that it may see, and a connection that holds them."""

    @property
    def marts(self) -> Mapping[str, Mart]:
        """Name → mart, with the columns and the number of rows that the reader sees."""

    @property
    def release(self) -> Release:
        """The release."""

    @property
    def settings(self) -> Settings:
        """Where the dbt project and its cache are."""

    @property
    def is_public(self) -> bool:
        """Whether it is the public edition."""

    @property
    def origin(self) -> dict[str, Any]:
        """Number and sha256 of the release."""

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        """Return the answer to a query, still unread; raises SaraiError where the release lacks what it asks for."""
