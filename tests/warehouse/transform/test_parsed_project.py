"""What dbt has parsed is kept for later processes, and parsed again only when the project has changed."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.transform import dbt_build, model_graph
from warehouse.transform.parsed_project import keep_parsed, project_version, read_parsed

PROJECT = {
    "dbt_project.yml": "name: small\nprofile: sarai\nmodel-paths: [models]\nvars: {as_of: ''}\n",
    "profiles.yml": (REPOSITORY / "dbt_project" / "profiles.yml").read_text(),
    "models/day.sql": "{{ config(materialized='table') }}\nselect '{{ var('as_of') }}' as as_of\n",
}


def start_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this process has parsed, as another process does not know it."""
    monkeypatch.setattr(dbt_build, "_parsed", {})


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    start_anew(monkeypatch)
    for name, text in PROJECT.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Settings(home=tmp_path / "var", cache=tmp_path / "cache", dbt_project=tmp_path / "project")


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that dbt was given."""
    commands: list[str] = []
    invoke = dbt_build._invoke

    def counted(settings: Settings, arguments: list[str], *others: object) -> object:
        commands.append(arguments[0])
        return invoke(settings, arguments, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(dbt_build, "_invoke", counted)
    return commands


def test_a_project_is_parsed_once_for_every_process_warehouse_and_day(
    settings: Settings, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for home, day in (("var", None), ("var", date(2024, 2, 1)), ("other", None)):
        start_anew(monkeypatch)
        there = settings.at(settings.root.with_name(home))
        dbt_build.build_models(there, "day", as_of=day)
        with open_database(there) as connection:
            assert connection.execute("from day").fetchone() == (f"{day or ''}",)
    assert parsed == ["parse", "build", "build", "build"]


def test_seeds_are_those_of_the_folder_that_is_named_and_their_rows_are_not_parsed(
    settings: Settings, parsed: list[str]
) -> None:
    (settings.dbt_project / "seeds").mkdir()
    copy = Path(shutil.copytree(settings.dbt_project, settings.dbt_project.with_name("copy")))
    for project, rows in ((settings.dbt_project, 7), (copy, 8), (settings.dbt_project, 9)):
        there = settings.model_copy(update={"dbt_project": project})
        (project / "seeds" / "numbers.csv").write_text(f"number\n{rows}\n", encoding="utf-8")
        dbt_build.build_models(there, "numbers", full_refresh=True)
        with open_database(there) as connection:
            assert connection.execute("from numbers").fetchall() == [(rows,)]
    assert parsed == ["parse", "build", "build", "build"]


def test_a_changed_project_and_a_damaged_cache_are_parsed_again(settings: Settings, parsed: list[str]) -> None:
    first = project_version(settings.dbt_project)
    kept = settings.cache / "parsed" / f"{first}.msgpack"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"\x81\xa5nodes")
    assert [node.name for node in dbt_build.parse_project(settings).nodes.values()] == ["day"]
    (settings.dbt_project / "models" / "night.sql").write_text("select 1 as one\n", encoding="utf-8")
    assert len(dbt_build.parse_project(settings).nodes) == 2
    assert parsed == ["parse", "parse"]
    assert project_version(settings.dbt_project) != first


def test_without_a_cache_it_is_parsed_every_time_and_of_many_the_last_are_kept(settings: Settings) -> None:
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest()
    keep_parsed(settings, "p9", manifest)
    for number in range(6):
        keep_parsed(settings, f"p{number}", manifest)
        os.utime(settings.cache / "parsed" / f"p{number}.msgpack", (number, number))
    kept = {path.stem for path in (settings.cache / "parsed").iterdir()}
    assert kept == {"p3", "p4", "p5", "p9"}
    closed = settings.model_copy(update={"cache": settings.dbt_project / "profiles.yml"})
    keep_parsed(closed, "p1", manifest)
    assert read_parsed(closed, "p1") is None


def test_what_lies_in_the_home_of_a_warehouse_does_not_decide_on_the_sql_that_runs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dbt_build.parse_project(settings)
    shutil.rmtree(settings.cache)
    for left in settings.root.rglob("*.msgpack"):
        left.write_bytes(left.read_bytes().replace(b"select '{{", b"delete '{{"))
    start_anew(monkeypatch)
    (model,) = dbt_build.parse_project(settings).nodes.values()
    assert model.raw_code.endswith("select '{{ var('as_of') }}' as as_of")


def test_what_models_are_made_of_is_known_without_dbt_and_made_again_where_its_file_is_damaged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.dbt_project / "models" / "night.sql").write_text("select as_of from {{ ref('day') }}\n", encoding="utf-8")
    version = project_version(settings.dbt_project)
    read, kept = model_graph.read_model_graph, settings.cache / "parsed" / f"{version}.json"
    made = read(settings, version)
    assert (made["night"].parents, made["day"].children) == (("day",), ("night",))
    with monkeypatch.context() as patch:
        patch.delattr(model_graph, "parse_project")
        read.cache_clear()
        assert read(settings, version) == made
    for damaged in (b"", b'{"day": 1}'):
        kept.write_bytes(damaged)
        read.cache_clear()
        assert read(settings, version) == made
