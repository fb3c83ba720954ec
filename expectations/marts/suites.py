"""The suites of gate 2, one per mart: what is checked stands in the module of its subject, its key in its contract."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from expectations.gate.rules import Suite
from expectations.marts.cooperation import COOPERATION
from expectations.marts.forecasts import FORECASTS
from expectations.marts.persons import PERSONS
from expectations.marts.prices import PRICES
from expectations.marts.reference import REFERENCE
from expectations.marts.reporting import REPORTING
from expectations.marts.seizures import SEIZURES
from warehouse.storage.regular_files import read_regular

MARTS = (*REFERENCE, *SEIZURES, *PRICES, *PERSONS, *COOPERATION, *REPORTING, *FORECASTS)


def mart_suites(dbt_project: Path, as_of: date | None = None) -> dict[str, Suite]:
    """Return a suite per mart, under the mart's name; a row is named by the mart's key.

    ``dbt_project`` is the folder of the dbt project, whose contracts hold the keys. ``as_of`` is the day whose
    knowledge the marts show, None for now: totals are then compared with what was known at its end, and nothing is
    expected to continue the last release. Raises ValueError as read_keys does.
    """
    keys = read_keys(dbt_project)
    return {
        checks.mart: Suite(checks.mart, keys[checks.mart], tuple(checks.all_rules(keys[checks.mart], as_of)))
        for checks in MARTS
    }


def read_keys(dbt_project: Path) -> dict[str, tuple[str, ...]]:
    """Return mart → columns of the primary key in its contract, which dbt writes into the database.

    Raises ValueError for a mart whose contract has none: findings name a row by it.
    """
    models = [
        model
        for path in sorted((dbt_project / "models" / "marts").rglob("*.yml"))
        for model in _models_of(read_regular(path))
    ]
    keys = {
        model["name"]: tuple(constraint["columns"])
        for model in models
        for constraint in model.get("constraints", ())
        if constraint["type"] == "primary_key"
    }
    if without := sorted({model["name"] for model in models} - set(keys)):
        raise ValueError(f"no primary key in the contract of {', '.join(without)}")
    return keys


@cache
def _models_of(contracts: bytes) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = yaml.load(contracts, yaml.CSafeLoader).get("models", [])
    return models
