"""Rules of the house that no linter knows: words, sizes, and nothing of the machine it was written on."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS_TO_STAY_AWAY_FROM = {
    "base", "common", "engine", "framework", "handler", "helper", "helpers", "manager", "processor", "util", "utils",
}  # fmt: skip
MACHINE = re.compile(rb"(?<![\w.])/(?:work|root|home|Users|opt|tmp)/[\w.]")
REGISTRY = re.compile(
    rb"pyp[i][.]org|pythonh[o]sted[.]org|npmj[s][.](?:com|org)|deb(?:[.]\w+)?[.]debia[n][.]org|--(?:extra-)?index-url",
    re.IGNORECASE,
)


def tracked(*patterns: str) -> list[str]:
    """Return the files of the repository that git knows, new ones included, as paths from its root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({name for name in found.split("\0") if name and (ROOT / name).is_file()})


@cache
def trees() -> dict[str, ast.Module]:
    """Return what each file of Python says; not as the tests are collected, which each process of a run does."""
    return {path: ast.parse((ROOT / path).read_text(encoding="utf-8")) for path in tracked("*.py")}


def lines_of(path: str) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def named_things(tree: ast.AST) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def test_words_of_names_in_every_style() -> None:
    assert words_of("HTTPHandler") == {"http", "handler"}
    assert words_of("_common_utilsFor") == {"common", "utils", "for"}
    assert words_of("warehouse/database") == {"warehouse", "database"}


def test_names_use_the_words_of_the_house() -> None:
    offenders = [
        f"{path}:{getattr(node, 'lineno', 1)} {name}"
        for path, tree in trees().items()
        for node, name in [(None, path.removesuffix(".py")), *((node, node.name) for node in named_things(tree))]
        if words_of(name) & WORDS_TO_STAY_AWAY_FROM
    ]
    assert offenders == []


def test_modules_and_models_stay_small() -> None:
    most = {
        "dbt_project/models/": 90,
        "warehouse/": 250,
        "expectations/": 250,
        "flows/": 250,
    }
    counted = {path: len(lines_of(path)) for path in tracked("*.py", "*.sql")}
    offenders = [
        f"{path}: {lines} lines"
        for path, lines in counted.items()
        for folder, limit in most.items()
        if path.startswith(folder) and lines > limit
    ]
    assert offenders == []


def test_functions_stay_small() -> None:
    offenders = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees().items()
        if not path.startswith("tests/")
        for node in named_things(tree)
        if not isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert offenders == []


def test_files_name_no_machine_and_no_registry() -> None:
    offenders = [
        f"{path}:{number}"
        for path in tracked()
        for number, line in enumerate((ROOT / path).read_bytes().split(b"\n"), start=1)
        if MACHINE.search(line) or REGISTRY.search(line)
    ]
    assert offenders == []


def test_locks_pin_every_package_with_hashes_and_name_no_address() -> None:
    lock = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("requirements*.lock")))
    entries = re.findall(r"^[a-z0-9].*(?:\n[ ]{4}.*)+", lock, re.MULTILINE)
    assert len(entries) > 100
    assert [entry for entry in entries if "==" not in entry.split("\n")[0] or "--hash=sha256:" not in entry] == []
    assert "://" not in lock
