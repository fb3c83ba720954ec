"""Who may import whom: flows → expectations → warehouse, and each heavy library in its one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("warehouse", "expectations", "flows")  # each may import itself and those before it
PLACES = {
    "dbt": ("warehouse.models",),
    "great_expectations": ("expectations",),
    "openpyxl": (),  # what it reads was written by XlsxWriter: only tests need a second opinion
    "prefect": ("flows",),
    "python_calamine": ("warehouse.workbook",),
    "pyxform": (),  # judges our XLSForm in the tests
    "xlsxwriter": ("warehouse.sheet_style",),
}
HEAVY = {*PLACES, "frictionless", "pandas"}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for layer in LAYERS
    for path in sorted((ROOT / layer).rglob("*.py"))
}


def imported(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def imports_of(module: str) -> list[str]:
    return list(imported(ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8")))))


def top_level_imports_of(module: str) -> list[str]:
    return list(imported(iter(ast.parse(MODULES[module].read_text(encoding="utf-8")).body)))


def lies_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def test_every_layer_has_modules() -> None:
    assert {module.split(".")[0] for module in MODULES} == set(LAYERS)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_towards_the_warehouse(module: str) -> None:
    above = (*LAYERS[LAYERS.index(module.split(".", maxsplit=1)[0]) + 1 :], "tests", ".")
    assert [name for name in imports_of(module) if name.startswith(".") or lies_in(name, above)] == []


@pytest.mark.parametrize("module", MODULES)
def test_library_is_imported_only_in_its_place(module: str) -> None:
    libraries = {name.split(".")[0] for name in imports_of(module)} & set(PLACES)
    assert [library for library in sorted(libraries) if not lies_in(module, PLACES[library])] == []


def loaded_with(module: str) -> set[str]:
    """Return the modules of ours that Python loads when it loads this one, itself among them."""
    loaded, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name in MODULES and name not in loaded:
            loaded.add(name)
            waiting += top_level_imports_of(name)
    return loaded


COMMANDS = loaded_with("flows.cli")


@pytest.mark.parametrize("module", sorted({name for name in MODULES if lies_in(name, ("warehouse",))} | COMMANDS))
def test_heavy_library_is_imported_late(module: str) -> None:
    late = HEAVY if module not in COMMANDS else {*HEAVY, "expectations", "warehouse", "duckdb", "pydantic"}
    assert sorted({name.split(".")[0] for name in top_level_imports_of(module)} & late) == []


def test_questionnaire_imports_none_of_its_readers() -> None:
    assert [name for name in imports_of("warehouse.questionnaire") if lies_in(name, LAYERS)] == []
