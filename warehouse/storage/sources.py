"""The version of everything that Sarai does, as a hash of its own files."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from warehouse.storage.regular_files import read_regular
from warehouse.storage.settings import REPOSITORY

_ENDINGS = (".py", ".yml", ".sql", ".csv", ".j2", ".po")
_TOOLS = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations")


@cache
def sources_version(dbt_project: Path) -> str:
    """Return a hash (sha256, hex) of warehouse, expectations and the dbt project, words and all, and of our tools.

    It tells whether something can be kept that is made by them: being made anew is all that a needless change costs.
    """
    digest = hashlib.sha256(" ".join(version(tool) for tool in _TOOLS).encode())
    for folder in (REPOSITORY / "warehouse", REPOSITORY / "expectations", dbt_project):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _ENDINGS:
                digest.update(f"{path.relative_to(folder)}\0".encode() + read_regular(path) + b"\0")
    return digest.hexdigest()
