"""Codelists: permitted codes, their labels and accepted spellings, read from the dbt seeds."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse.storage.regular_files import open_text

# Codes that stand where an answer names no other: what the sender does not know, and what nobody answered.
UNKNOWN, NOT_ANSWERED = "UNKNOWN", "NOT_ANSWERED"
UNANSWERED = (UNKNOWN, NOT_ANSWERED)

# The drug of a staged row in SQL: a cell -- is how the form says that it is not known.
KNOWN_DRUG = "if(drug_code in (select code from seeds.missing_values), 'UNKNOWN', drug_code)"


@dataclass(frozen=True)
class Codelist:
    """One codelist.

    ``entries`` maps a code to its seed row (column → text). ``spellings`` maps a spelling key to a code, in every
    country. ``national`` maps (country_code, spelling key) to a code, for spellings that are valid in one country only
    or have another meaning there.
    """

    name: str
    entries: dict[str, dict[str, str]]
    spellings: dict[str, str]
    national: dict[tuple[str, str], str]

    def code_of(self, text: str, country_code: str | None = None) -> str | None:
        """Return the code of an accepted spelling, None if there is none.

        A spelling of the sending country (alpha-3) takes precedence over a general one.
        """
        key = spelling_key(text)
        return self.national.get((country_code or "", key)) or self.spellings.get(key)


# Uzbek is written with any of these, as keyboards have them; macros/typing/spelling_key.sql has the same.
_APOSTROPHES = "`´ʹʻʼʽʾʿˈ‘’‛′＇"
_FOLDED = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | {"ё": "е"})


def spelling_key(text: str) -> str:
    """Return the key by which spellings are compared.

    Lower case, ё as е, all apostrophes as one, runs of white space as one space.
    """
    return re.sub(r"\s+", " ", text).strip().lower().translate(_FOLDED)


def _rows(path: Path) -> list[dict[str, str]]:
    with open_text(path) as file:
        return list(csv.DictReader(file))


@cache
def load_codelist(folder: Path, name: str) -> Codelist:
    """Read a codelist and its spellings from the folder of the dbt seeds; raises FileNotFoundError if unknown."""
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


def means_yes(text: str, folder: Path) -> bool | None:
    """Return whether an answer says yes, in any language of the region; None if it says neither yes nor no."""
    code = load_codelist(folder, "yes_no").code_of(text)
    return None if code is None else code == "YES"


def label_of(folder: Path, name: str, code: str) -> dict[str, str] | str:
    """Return the label of a code in every language; the code itself where the list does not have it."""
    entry = load_codelist(folder, name).entries.get(code)
    return {"en": entry["name_en"], "ru": entry["name_ru"]} if entry else code


def member_states(folder: Path) -> tuple[str, ...]:
    """Return the alpha-3 codes of the member states."""
    countries = load_codelist(folder, "countries").entries
    return tuple(code for code, row in countries.items() if row["is_member"].lower() == "true")
