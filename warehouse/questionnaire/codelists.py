"""Codelists: permitted codes, their labels and accepted spellings, as dbt's seed files hold them."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Codelist:
    """One list: code → its row, spelling key → code for spellings that hold in every country.

    ``national`` holds the words that mean something else, or anything at all, in one country only:
    (country_code, spelling key) → code.
    """

    name: str
    entries: dict[str, dict[str, str]]
    spellings: dict[str, str]
    national: dict[tuple[str, str], str]

    def code_of(self, text: str, country_code: str | None = None) -> str | None:
        """Return the code that a text means, None if no accepted spelling matches.

        The meaning in the country (alpha-3) that sent the text goes before the general one.
        """
        key = spelling_key(text)
        return self.national.get((country_code or "", key)) or self.spellings.get(key)


def spelling_key(text: str) -> str:
    """Return the matching key of a spelling: lower case, ё as е, runs of white space as one space."""
    return re.sub(r"\s+", " ", text).strip().lower().replace("ё", "е")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def load_codelist(folder: Path, name: str) -> Codelist:
    """Read a list and its spellings from the folder of dbt's seeds; raises FileNotFoundError for an unknown list."""
    entries = {row["code"]: row for row in _rows(folder / "codelists" / f"{name}.csv")}
    spellings = {
        spelling_key(text): code
        for code, row in entries.items()
        for text in (code, row["name_en"], row["name_ru"])
        if text
    }
    national = {}
    for row in _rows(folder / "spellings" / f"{name}_spellings.csv"):
        if row["country_code"]:
            national[row["country_code"], spelling_key(row["spelling"])] = row["code"]
        else:
            spellings[spelling_key(row["spelling"])] = row["code"]
    return Codelist(name, entries, spellings, national)


def member_states(folder: Path) -> tuple[str, ...]:
    """Return the alpha-3 codes of the member states."""
    countries = load_codelist(folder, "countries").entries
    return tuple(code for code, row in countries.items() if row["is_member"].lower() == "true")
