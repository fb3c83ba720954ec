"""Tables and views as our materializations build them: replaced whole or not at all, as the contract says."""

import shutil
from pathlib import Path

import pytest

from warehouse.progress import shown_by
from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.transform.dbt_build import ModelError, build_models

CONTRACT = """models:
- name: figures
  description: It's a table.
  config: {contract: {enforced: true}}
  constraints: [{type: primary_key, columns: [code]}]
  columns:
  - {name: code, data_type: varchar, description: The code.}
  - {name: figure, data_type: bigint}
"""
# What the model selects when nothing else is named: an environment says what, so that dbt parses the project once.
SOUND = "select 7::bigint as figure, 'A' as code"
PROJECT = {
    "dbt_project.yml": "name: small\nprofile: sarai\nmodel-paths: [models]\n",
    "models/figures.sql": "{{ config(materialized='table') }} {{ env_var('FIGURES', \"" + SOUND + '") }}',
    "models/figures.yml": CONTRACT,
    "models/shown.sql": "{{ config(materialized='view') }} select * from {{ ref('figures') }}",
    "models/typed.sql": "{{ config(materialized='incremental', incremental_strategy='append') }}\n"
    "select 12.5::double as figure, * from {{ source('raw', 'figures_sent') }} as sent "
    "where {{ 'false' if is_incremental() else 'true' }}",
    "models/leak.sql": "{{ config(materialized='table') }} select * from read_text('/etc/passwd')",
    "models/sources.yml": "sources: [{name: raw, tables: [{name: figures_sent}]}]\n",
}
BROKEN = {
    "another type": "select 7::integer as figure, 'A' as code",
    "a column too few": "select 'A' as code",
    "a column too many": "select 7::bigint as figure, 'A' as code, 1 as more",
    "a key twice": "select unnest([7::bigint, 8]) as figure, 'A' as code",
    "no key": "select 7::bigint as figure, null::varchar as code",
    "no such function": "select cuont(*) as figure, 'A' as code",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with a project of one table and a view of it, built over objects of the other kind."""
    folder = tmp_path_factory.mktemp("small")
    settings = Settings(home=folder / "var", dbt_project=folder / "project")
    for name, text in PROJECT.items():
        write(settings.dbt_project / name, text)
    project = REPOSITORY / "dbt_project"
    shutil.copy(project / "profiles.yml", settings.dbt_project)
    shutil.copytree(project / "macros" / "materializations", settings.dbt_project / "macros")
    with open_database(settings) as connection:
        connection.execute("create view figures as select 1 as figure; create table shown as select 2 as figure")
    build_models(settings, "figures shown")
    return settings


class Screen:
    """Remembers how far steps were."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int, int]] = []

    def show(self, what: str, done: int, total: int, _left: str) -> None:
        self.shown.append((what, done, total))

    def clear(self) -> None:
        """Nothing is drawn."""


def test_models_are_counted_while_they_are_built(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.progress._SOON_S", 0)
    with shown_by(screen := Screen()):
        build_models(settings, "figures shown")
    assert screen.shown == [("Building models", 1, 2)]  # with the last the step is over


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with open_database(settings) as connection:
        return connection.execute(sql).fetchall()


def test_a_table_and_a_view_take_the_place_of_what_stood_there(settings: Settings) -> None:
    build_models(settings, "figures shown")
    assert rows(settings, "from shown") == [("A", 7)]
    assert rows(settings, "select table_name, comment from duckdb_tables()") == [("figures", "It's a table.")]
    assert rows(settings, "select view_name from duckdb_views() where not internal") == [("shown",)]
    assert rows(settings, "select comment from duckdb_columns() where table_name = 'figures' and comment <> ''") == [
        ("The code.",)
    ]
    assert rows(settings, "select constraint_text from duckdb_constraints() where constraint_type = 'PRIMARY KEY'") == [
        ("PRIMARY KEY(code)",)
    ]


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_contract_leaves_what_was_built_before(
    settings: Settings, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIGURES", broken)
    with pytest.raises(ModelError, match="figures"):
        build_models(settings, "figures")
    assert rows(settings, "from figures") == [("A", 7)]


def test_a_model_that_reaches_outside_is_refused(settings: Settings) -> None:
    with pytest.raises(ModelError, match=r"(?s)leak: .*file system operations are disabled by configuration"):
        build_models(settings, "leak")


def test_rows_are_appended_to_a_table_only_if_it_has_some_that_prove_its_columns(settings: Settings) -> None:
    with open_database(settings) as connection:
        connection.execute("create table typed (figure integer); create schema raw")
        connection.execute("create table raw.figures_sent as select 'A' as submission_id, '' as sheet, 2 as source_row")
        for expected in ([(12.5,)], [(12.5,)]):
            build_models(settings, "typed")
            assert connection.execute("select figure from typed").fetchall() == expected
