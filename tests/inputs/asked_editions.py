"""Editions whose queries run, on a few rows of a few marts: what a page asks is judged, and no warehouse is built."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pandas as pd

from warehouse.bulletin.edition import Edition
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import Language

Rows = Sequence[Mapping[str, Any]]
NAMES = {
    ("drugs", "HEROIN"): Words(en="Heroin", ru="Героин"),
    ("drugs", "MDMA"): Words(en="MDMA", ru="МДМА"),
    ("unodc_classes", "OPIUM"): Words(en="Opium", ru="Опий"),
    ("unodc_classes", "CANNABIS_HERB"): Words(en="Cannabis herb", ru="Каннабис"),
    ("countries", "KAZ"): Words(en="Kazakhstan", ru="Казахстан"),
    ("countries", "TJK"): Words(en="Tajikistan", ru="Таджикистан"),
}


def edition_of(month: date, language: Language = "en", **marts: Rows) -> Edition:
    """Return an edition of a month that sees these marts alone, each by its rows, in a language."""
    connection = duckdb.connect()
    for name, rows in marts.items():
        connection.register("rows", pd.DataFrame([*rows]))
        connection.execute(f"create table {name} as from rows")
        connection.unregister("rows")
    source = SimpleNamespace(
        marts={*marts}, has=lambda mart, *_: mart in marts, frame=lambda query: connection.execute(query).df()
    )
    return Edition(cast("Any", source), language, NAMES, (month,), frozenset())
