"""An edition whose queries run, on a few rows of a few marts: what a page asks is judged, and no warehouse is built."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pandas as pd
import pytest

from warehouse.bulletin.edition import Edition
from warehouse.questionnaire.definition import Words

Rows = Sequence[Mapping[str, Any]]
NAMES = {
    ("drugs", "HEROIN"): Words(en="Heroin", ru="Героин"),
    ("drugs", "MDMA"): Words(en="MDMA", ru="МДМА"),
    ("unodc_classes", "OPIUM"): Words(en="Opium", ru="Опий"),
    ("unodc_classes", "CANNABIS_HERB"): Words(en="Cannabis herb", ru="Каннабис"),
    ("countries", "KAZ"): Words(en="Kazakhstan", ru="Казахстан"),
    ("countries", "TJK"): Words(en="Tajikistan", ru="Таджикистан"),
}


@pytest.fixture
def edition_of() -> Iterator[Callable[..., Edition]]:
    """What returns an edition of a month that sees these marts alone, each by its rows, in a language."""
    with duckdb.connect() as connection:

        def make(month: date, language: Any = "en", **marts: Rows) -> Edition:
            for name, rows in marts.items():
                frame = pd.DataFrame([*rows])
                connection.register("rows", frame)
                connection.execute(f"create or replace table {name} as from rows")
                connection.unregister("rows")
            source = SimpleNamespace(
                marts={*marts}, has=lambda mart, *_: mart in marts, frame=lambda query: connection.execute(query).df()
            )
            return Edition(cast("Any", source), language, NAMES, (month,), frozenset())

        yield make
