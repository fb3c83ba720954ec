"""Member gaps: which lists have no entry of a member state. Each has a default, so the state reports without."""

import csv
from pathlib import Path

from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.storage.regular_files import open_text

# Files below the folder of the codelists whose rows belong to a country.
_NATIONAL = (
    "codelists/subdivisions.csv", "codelists/border_points.csv", "codelists/agencies.csv",
    "reference/reporting_obligations.csv", "reference/population.csv",
)  # fmt: skip
_ZONE = "codelists/countries.csv (time_zone)"


def missing_entries(codelists: Path) -> dict[str, list[str]]:
    """Return member state (alpha-3) → the files without an entry of it; a state that lacks nothing is left out.

    ``codelists`` is the folder of the dbt seeds. What holds without an entry is in README.md, “add a country”.
    """
    having = {name: _countries_in(codelists / name) for name in _NATIONAL}
    zones = {code for code, row in load_codelist(codelists, "countries").entries.items() if row["time_zone"]}
    having[_ZONE] = zones
    missing = {
        code: [name for name, countries in having.items() if code not in countries] for code in member_states(codelists)
    }
    return {code: names for code, names in missing.items() if names}


def _countries_in(path: Path) -> set[str]:
    with open_text(path) as file:
        return {row["country_code"] for row in csv.DictReader(file)}
