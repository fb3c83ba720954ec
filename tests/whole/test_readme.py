"""README: what it asks a release in SQL has an answer, and every report is asked for."""

import re
from pathlib import Path

import duckdb
import pytest
from conftest import Warehouse

from expectations.marts.indicators import INDICATOR_KEYS
from expectations.marts.signals import SIGNAL_KEYS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_there_are_eleven_queries_which_ask_every_indicator() -> None:
    assert len(QUERIES) == 11
    assert [mart for mart in (*INDICATOR_KEYS, *SIGNAL_KEYS) if not any(mart in query for query in QUERIES)] == []


@pytest.mark.parametrize("query", QUERIES, ids=[str(number) for number in range(1, len(QUERIES) + 1)])
def test_a_query_of_the_readme_runs(query: str, published: Warehouse) -> None:
    with duckdb.connect(str(published.settings.releases / "current" / "marts.duckdb"), read_only=True) as marts:
        assert marts.sql(query).description
