"""The version of staging: a hash of what decides how rows are typed, weighed and coded."""

import csv
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from warehouse.storage.regular_files import open_text, read_regular

# A comment of SQL or Jinja and white space only part words; in quotes they are part of a word.
_BETWEEN_WORDS = re.compile(r"(?P<quoted>'(?:[^']|'')*'|\"[^\"]*\")|(?:\{#(?s:.*?)#\}|--[^\n]*|\s+)+")


@cache
def staging_version(dbt_project: Path) -> str:
    """Return 12 hex digits that change with every value that staging depends on, and with nothing else.

    These are the words of the staging models and macros, without their comments and layout, and the rows of the seeds.
    """
    digest = hashlib.sha256()
    for part in _parts(dbt_project):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:12]


def _parts(dbt_project: Path) -> Iterator[str]:
    for path in sorted(
        [*(dbt_project / "models" / "staging").glob("*.sql"), *(dbt_project / "macros" / "typing").glob("*.sql")]
    ):
        yield path.name
        yield sql_words(read_regular(path).decode())
    for path in sorted((dbt_project / "seeds").rglob("*.csv"), key=lambda path: path.name):
        yield path.name
        with open_text(path) as rows:
            yield from map(repr, csv.reader(rows))


def sql_words(sql: str) -> str:
    """Return SQL, or a template of it, without comments and with single blanks; what stands in quotes is kept."""
    return _BETWEEN_WORDS.sub(lambda match: match["quoted"] or " ", sql).strip()
