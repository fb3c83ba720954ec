"""README, SECURITY and the pages of docs: what they name exists, what they show runs, and every report is asked for."""

import os
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from conftest import Warehouse

from expectations.marts.suites import MARTS
from flows.commands.cli import main
from warehouse.storage.settings import REPOSITORY, Settings

README = "README.md"
QUERIES = "docs/queries.md"
DOCS = [path.relative_to(REPOSITORY).as_posix() for path in sorted((REPOSITORY / "docs").rglob("*.md"))]
PAGES = [README, "SECURITY.md", "warehouse/README.md", *DOCS]
TEXTS = {page: (REPOSITORY / page).read_text(encoding="utf-8") for page in PAGES}
# What a path begins with that lies in SARAI_HOME or in a release, and not in the repository.
STATE = {
    "csv",
    "feedback",
    "gate",
    "gates",
    "inbox",
    "logs",
    "parquet",
    "prefect",
    "public",
    "releases",
    "vault",
    "var",
}
STATE_FILES = {"datapackage.json", "marts.duckdb", "warehouse.duckdb"}
# Only there when something went wrong, was restored or installed, or when Prefect was named no folder.
PASSING = {"alerts/", "last_success/", "public_editions/", "logs/errors.log", "prefect/", ".venv/"}
# Only there once a bulletin, the board of the centre or a backup was made; their own tests open them.
MADE = {
    "board_en.html", "board_ru.html", "country-KAZ_ru.html", "data/corrections.csv", "downloads/", "index.html",
    "last_backup.json",
}  # fmt: skip
PUBLIC_MART = "rpt_persons_by_period"  # made by warehouse/disclosure and not by dbt
# Reports that are asked elsewhere, or by nobody: the mirrors of meetings and messages, and the months of persons.
NOT_ASKED = {"rpt_coverage_by_month", "rpt_mirror_activities", "rpt_mirror_exchanges", "rpt_persons_by_month"}
FILE_NAME = re.compile(r"[\w<>*.-]+\.(?:csv|duckdb|html|json|lock|md|po|py|sql|toml|yaml|yml)")
# Python puts the folder of a script first on the path when it runs it, and PYTHONPATH behind it. Modules of tests go
# after each script, so that none finds what another has imported; packages, which take seconds, stay.
LOAD_SCRIPTS = """
import pathlib, runpy, sys
tests, path = pathlib.Path("tests").resolve(), sys.path[:]
for argument in sys.argv[1:]:
    script, _, folders = argument.partition(":")
    named = [str(pathlib.Path(folder).resolve()) for folder in folders.split(":") if folder]
    sys.path[:] = [str(pathlib.Path(script).resolve().parent), *named, *path]
    runpy.run_path(script, run_name="loaded")
    for name, module in list(sys.modules.items()):
        if tests in pathlib.Path(getattr(module, "__file__", None) or "nowhere").parents:
            del sys.modules[name]
"""


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXTS[page], re.MULTILINE | re.DOTALL)


def spans(page: str) -> list[str]:
    """Return what stands in single backticks on a page."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL))


def code(page: str) -> str:
    """Return all code of a page, in backticks and in blocks of the shell."""
    return "\n".join([*spans(page), *blocks(page, "sh"), *blocks(page, "")])


def paths(page: str) -> list[str]:
    """Return the spans that are paths or names of files, with their placeholders as patterns."""
    named = [span for span in spans(page) if re.fullmatch(r"[\w<>*.-]*/[\w<>*./-]*", span) or FILE_NAME.fullmatch(span)]
    return [re.sub(r"<[^>]+>", "*", span) for span in named if span not in PASSING | MADE]


def lies_in_state(path: str) -> bool:
    return path.split("/", maxsplit=1)[0] in STATE or path in STATE_FILES


@cache
def tracked() -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return [name for name in done.stdout.split("\0") if name and (REPOSITORY / name).is_file()]


def is_in_repository(path: str, page: str) -> bool:
    """Whether a path leads somewhere from the root or from the page's folder; a bare name may lie anywhere."""
    place = path.rstrip("/")
    patterns = [place, f"{place}/*", f"{Path(page).parent.as_posix()}/{place}/*"]
    patterns += [] if "/" in path else [f"*/{place}"]
    return any(fnmatch(name, pattern) for name in tracked() for pattern in patterns)


def anchors(page: str) -> set[str]:
    """Return what the headings of a page are called in a link."""
    headings = re.findall(r"^#+ (.*)", TEXTS[page], re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: str) -> list[tuple[str, str]]:
    """Return page and anchor of every link that stays in the repository, the page as a path from its root."""
    found = re.findall(r"\]\(([^)\s#]*)#?([^)\s]*)\)", TEXTS[page])
    folder = (REPOSITORY / page).parent
    return [
        ((folder / target).resolve().relative_to(REPOSITORY).as_posix() if target else page, anchor)
        for target, anchor in found
        if "://" not in target
    ]


def test_readme_stays_short() -> None:
    assert len(TEXTS[README].splitlines()) <= 150


def test_readme_draws_the_rooms_from_the_ground_up() -> None:
    drawing = TEXTS[README].partition("    warehouse/ ")[2].partition("    expectations/ ")[0]
    rooms = re.findall(r"^\| `(\w+)/` \|", TEXTS["warehouse/README.md"], re.MULTILINE)
    assert [name for line in drawing.splitlines()[1:] for name in line.strip().split(" · ") if name] == rooms


def test_a_page_is_not_too_long_for_one_subject() -> None:
    assert [page for page in DOCS if page != QUERIES and len(TEXTS[page].splitlines()) > 150] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target, anchor in links(page):
        assert (REPOSITORY / target).exists()
        assert not anchor or anchor in anchors(target)


def test_every_page_is_reached_from_readme() -> None:
    reached, waiting = {README}, [README]
    while waiting:
        found = {target for target, _ in links(waiting.pop()) if target in PAGES} - reached
        reached |= found
        waiting += found
    assert {*DOCS, "SECURITY.md", "warehouse/README.md"} <= reached


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_in_the_repository(page: str) -> None:
    assert [path for path in paths(page) if not lies_in_state(path) and not is_in_repository(path, page)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_path_of_the_state_is_there_once_a_release_is(page: str, published: Warehouse) -> None:
    home = published.settings.root
    places = [home.parent, home, home / "releases" / "current"]
    named = [path for path in paths(page) if lies_in_state(path)]
    assert [path for path in named if not any(any(place.glob(path.rstrip("/"))) for place in places)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_mart_is_one(page: str) -> None:
    models = {Path(name).stem for name in tracked() if name.startswith("dbt_project/models/")} | {PUBLIC_MART}
    named = [span for span in spans(page) if re.fullmatch("(?:dim|fct|int|rpt|stg)_[a-z_]+", span)]
    assert [name for name in named if name not in models] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists_with_its_options(page: str) -> None:
    for name, rest in re.findall(r"(?:^|[\s/])sarai ([a-z]+)(.*)$", code(page), re.MULTILINE):
        known = {option for parameter in main.commands[name].params for option in parameter.opts}
        assert {*re.findall(r"(?<![\w-])--[a-z-]+", rest)} <= known


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_exists_with_its_variables(page: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for words in re.findall(r"^make ([\w =]+)", code(page), re.MULTILINE):
        for word in words.split():
            variable, is_set, _ = word.partition("=")
            assert f"$({variable})" in makefile if is_set else re.search(rf"^{word}:", makefile, re.MULTILINE)


@pytest.mark.server
def test_every_script_that_make_runs_finds_what_it_imports() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    found = re.findall(r"^\t(?:.*PYTHONPATH=(\S+) )?.*\$\(BIN\)/python (tests/\S+[.]py)", makefile, re.MULTILINE)
    assert len(found) > 10
    without_path = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    arguments = [f"{script}:{path}" for path, script in found]
    subprocess.run([sys.executable, "-P", "-c", LOAD_SCRIPTS, *arguments], cwd=REPOSITORY, env=without_path, check=True)


@pytest.mark.parametrize("page", PAGES)
def test_every_variable_is_a_setting(page: str) -> None:
    known = {f"SARAI_{name.upper()}" for name in Settings.model_fields}
    assert {*re.findall(r"(?<!_)SARAI_[A-Z_]+", TEXTS[page])} <= known


def test_the_queries_are_numbered_and_ask_every_report() -> None:
    queries = blocks(QUERIES, "sql")
    numbers = re.findall(r"^(\d+)\. ", TEXTS[QUERIES], re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(queries) + 1)]
    reports = {checks.mart for checks in MARTS if checks.mart.startswith("rpt_")}
    assert {mart for mart in {*reports, "dim_codes"} if not any(mart in query for query in queries)} == NOT_ASKED


@pytest.mark.parametrize("query", [query for page in PAGES for query in blocks(page, "sql")])
def test_every_query_has_an_answer(query: str, published: Warehouse) -> None:
    with duckdb.connect(str(published.settings.releases / "current" / "marts.duckdb"), read_only=True) as marts:
        assert marts.sql(query).description


@pytest.mark.parametrize(
    "block", [block for page in PAGES for block in blocks(page, "sh") if ".venv/bin/sarai" in block]
)
def test_every_example_of_the_shell_runs(block: str, published: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_HOME", str(published.settings.root))
    program, *arguments = shlex.split(block)
    assert program == ".venv/bin/sarai"
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    assert done.output


@pytest.mark.parametrize("block", [block for page in PAGES for block in blocks(page, "python")])
def test_every_example_of_python_runs(block: str, published: Warehouse) -> None:
    subprocess.run([sys.executable, "-c", block], cwd=published.settings.root.parent, check=True)
