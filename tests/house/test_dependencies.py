"""Every package that our modules import is declared, and every package that is declared is imported."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from warehouse.storage.settings import REPOSITORY

OURS = {"warehouse", "expectations", "flows"}
# Declared for its bound alone: prefect does not run with later ones. And an extension that DuckDB loads by its name.
BOUNDS = {"fastapi", "duckdb-extension-postgres-scanner"}


def imported() -> Iterator[str]:
    for folder in OURS:
        for path in (REPOSITORY / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (name.name.split(".")[0] for name in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield node.module.split(".")[0]


def declared() -> set[str]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["dask"], *extras["kits"], *extras["server"]]
    return {re.split(r"[<>=!~ \[]", line)[0].lower() for line in lines}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    known = packages_distributions()
    names = set(imported()) - OURS - sys.stdlib_module_names
    owners = {name: {owner.lower().replace("_", "-") for owner in known.get(name, [name])} for name in names}
    assert {name: found for name, found in owners.items() if not found & declared()} == {}
    assert declared() - set().union(*owners.values()) == BOUNDS


def pinned(lock: str) -> dict[str, str]:
    """Return the version of each package that a lock names, with its marker."""
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+(?:\[[a-z0-9,-]+\])?)==(.*?) \\$", text, re.MULTILINE))


def test_what_sarai_runs_with_is_part_of_what_tests_run_with() -> None:
    run, everything = pinned("requirements-run.lock"), pinned("requirements.lock")
    assert {"prefect", "duckdb", "dbt-core", "great-expectations", "setuptools"} <= set(run)
    assert {"pytest", "hypothesis", "ruff"} & set(run) == set()
    for extra, package in {"dask": "distributed", "kits": "sdmx1", "server": "psycopg[binary]"}.items():
        more = pinned(f"requirements-{extra}.lock")
        assert {name: version for name, version in more.items() if everything.get(name) != version} == {}
        assert run.items() <= more.items()
        assert package in more.keys() - run.keys()
