"""Who may import whom: packages, the rooms of warehouse/, private names, and each heavy library in its one place."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From the ground up: each may import itself and those before it.
LAYERS = ("warehouse", "expectations", "flows")
ROOMS = {
    "warehouse": (
        "storage", "questionnaire", "words", "findings", "files", "exports", "sheets", "forms", "intake", "proposals",
        "replies", "ledger", "transform", "releases", "disclosure", "lineage", "forecasts", "reporting", "answers",
        "safekeeping", "serving", "annex", "dictionary", "kits",
        "bulletin",
    ),
    "expectations": ("gate", "submissions", "marts"),
    "flows": ("runs", "offline", "commands"),
}  # fmt: skip
# Parts of a room in folders of their own, where one thing needs several modules.
PARTS = (
    "warehouse/bulletin/board", "warehouse/bulletin/charts", "warehouse/bulletin/corrections",
    "warehouse/bulletin/country", "warehouse/bulletin/front", "warehouse/bulletin/month",
    "warehouse/bulletin/year", "warehouse/kits/gis", "warehouse/kits/powerbi",
)  # fmt: skip
MOST_MODULES = 15
# A library and the only places that import it; a place is a room or a module.
PLACES = {
    "anxwritter": ("warehouse.kits.i2",),
    "dask": ("warehouse.intake.reader_cluster",),
    "dbt": ("warehouse.transform",),
    "distributed": ("warehouse.intake.reader_cluster",),
    "great_expectations": ("expectations.gate",),
    "openpyxl": (),  # what it reads was written by XlsxWriter: only tests need a second opinion
    "duckdb_extensions": ("warehouse.serving.loading",),
    "networkx": ("warehouse.kits.i2",),
    "prefect": ("flows",),
    "psycopg": ("warehouse.serving",),
    "pyogrio": ("warehouse.kits.gis.geopackage",),
    "python_calamine": ("warehouse.files.workbook",),
    "pyxform": (),  # judges our XLSForm in the tests
    "sdmx": ("warehouse.kits.sdmx",),
    "vl_convert": ("warehouse.bulletin.charts.drawing",),
    "xlsxwriter": ("warehouse.forms.style",),
}
HEAVY = {*PLACES, "frictionless", "pandas"}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for layer in LAYERS
    for path in sorted((ROOT / layer).rglob("*.py"))
}


@dataclass(frozen=True)
class Import:
    """One imported name: ``module`` is whose statement it is, ``source`` is imported, ``name`` of it or nothing."""

    module: str
    line: int
    source: str
    name: str
    is_late: bool
    is_for_types: bool

    def __str__(self) -> str:
        return f"{MODULES[self.module].relative_to(ROOT)}:{self.line} imports {self.source} {self.name}".strip()

    @property
    def library(self) -> str:
        return self.source.split(".")[0]


def _imports(module: str, nodes: list[ast.stmt], *, is_late: bool = False, for_types: bool = False) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (Import(module, node.lineno, one.name, "", is_late, for_types) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            yield from (Import(module, node.lineno, source, one.name, is_late, for_types) for one in node.names)
        else:
            typed = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            late = is_late or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
            blocks += [handler.body for handler in getattr(node, "handlers", [])]
            for block in blocks:
                yield from _imports(module, block, is_late=late, for_types=for_types or typed)


@cache
def imports() -> list[Import]:
    """Return all imports; not as the tests are collected, which each process of a run does."""
    return [
        one for module, path in MODULES.items() for one in _imports(module, ast.parse(path.read_text("utf-8")).body)
    ]


def ours() -> list[Import]:
    return [one for one in imports() if one.library in LAYERS]


def room_of(module: str) -> tuple[str, str]:
    """Return the package and the room of a module; '' for what lies beside the rooms."""
    package, _, rest = module.partition(".")
    room = rest.split(".")[0]
    return package, room if room in ROOMS[package] else ""


def floor_of(module: str) -> tuple[int, float]:
    """Return the floor of a module; of what lies beside the rooms, too."""
    package, room = room_of(module)
    beside = {"warehouse": -1, "expectations": 3, "flows": 0.5}[package]
    return LAYERS.index(package), ROOMS[package].index(room) if room else beside


def lies_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def test_every_module_lies_in_a_room_that_has_its_place() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix() for path in MODULES.values()}
    rooms = {f"{layer}/{room}" for layer, named in ROOMS.items() for room in named}
    assert folders - set(LAYERS) == rooms | set(PARTS)


def test_no_room_holds_more_than_a_person_surveys() -> None:
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in MODULES.values() if path.stem != "__init__")
    assert {folder: count for folder, count in folders.items() if count > MOST_MODULES} == {}


def test_imports_point_to_the_ground() -> None:
    offenders = [
        one
        for one in ours()
        if room_of(one.module) != room_of(one.source) and not floor_of(one.source) < floor_of(one.module)
    ]
    assert list(map(str, offenders)) == []


def test_no_import_is_relative_or_of_the_tests() -> None:
    assert [str(one) for one in imports() if one.source.startswith(".") or one.library == "tests"] == []


def test_private_names_stay_in_their_room() -> None:
    offenders = [
        one
        for one in ours()
        if room_of(one.module) != room_of(one.source)
        and any(part.startswith("_") for part in [*one.source.split("."), one.name])
    ]
    assert list(map(str, offenders)) == []


def test_modules_import_each_other_in_no_circle() -> None:
    uses: dict[str, set[str]] = {module: set() for module in MODULES}
    for one in ours():
        if not one.is_late and not one.is_for_types:
            uses[one.module].add(f"{one.source}.{one.name}" if f"{one.source}.{one.name}" in MODULES else one.source)
    while free := [module for module, used in uses.items() if not used & set(uses)]:
        for module in free:
            del uses[module]
    assert uses == {}


def test_a_library_is_imported_only_in_its_place() -> None:
    offenders = [one for one in imports() if one.library in PLACES and not lies_in(one.module, PLACES[one.library])]
    assert list(map(str, offenders)) == []


def test_databases_are_opened_in_their_place() -> None:
    """What is opened elsewhere spills to disk beside its file, into a release, or into the current folder."""
    places = {"warehouse.storage.database", "warehouse.storage.reading", "warehouse.transform.dbt_files"}
    callers = {module for module, path in MODULES.items() if "duckdb.connect(" in path.read_text("utf-8")}
    assert callers == places


def test_commands_print_in_one_place() -> None:
    """What is printed elsewhere may hold what would command the terminal."""
    callers = {
        module for module, path in MODULES.items() if re.search(r"\bclick\.s?echo|\bprint\(", path.read_text("utf-8"))
    }
    assert callers == {"flows.terminal"}


def loaded_with(module: str) -> set[str]:
    """Return the modules of ours that Python loads when it loads this one, itself among them."""
    loaded, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name in MODULES and name not in loaded:
            loaded.add(name)
            waiting += [
                source
                for one in ours()
                if one.module == name and not one.is_late and not one.is_for_types
                for source in (one.source, f"{one.source}.{one.name}")
            ]
    return loaded


def test_a_heavy_library_is_imported_late() -> None:
    commands = loaded_with("flows.commands.cli")
    offenders = [
        one
        for one in imports()
        if not one.is_late and not one.is_for_types
        and (
            (one.module in commands and one.library in {*HEAVY, "duckdb", "expectations", "pydantic", "warehouse"})
            or (lies_in(one.module, ("warehouse",)) and one.library in HEAVY)
        )
    ]  # fmt: skip
    assert len(commands) > len(ROOMS["flows"])
    assert list(map(str, offenders)) == []


def test_questionnaire_imports_none_of_its_readers() -> None:
    assert [str(one) for one in ours() if one.module == "warehouse.questionnaire.definition"] == []


@pytest.mark.parametrize("page", ["warehouse/README.md"])
def test_the_page_of_the_rooms_names_them_from_the_ground_up(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE)) == ROOMS["warehouse"]
