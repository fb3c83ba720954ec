"""What dbt is spared changes nothing that anybody reads."""

import sys
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import Any

import pytest

from warehouse.transform.spared_contexts import build_namespace
from warehouse.transform.spared_work import ask_columns_once, spare_work


def test_an_event_has_its_message_where_somebody_reads_it() -> None:
    from dbt.adapters.events.types import SQLCommit
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.types import Note

    spare_work()
    read: list[Any] = []
    manager = EventManager()
    manager.add_callback(read.append)
    manager.fire_event(SQLCommit(conn_name="model.sarai.rpt_routes"))
    assert read == []
    manager.fire_event(SQLCommit(conn_name="model.sarai.rpt_routes"), level=EventLevel.INFO)
    manager.fire_event(Note(msg="as ever"), level=EventLevel.WARN)
    assert [(message.info.level, message.info.msg) for message in read] == [
        ("info", "On model.sarai.rpt_routes: COMMIT"), ("warn", "as ever"),
    ]  # fmt: skip


def test_a_statement_without_rows_returns_an_empty_table() -> None:
    from dbt_common.clients import agate_helper

    spare_work()
    tables = [agate_helper.empty_table() for _ in range(2)]  # type: ignore[no-untyped-call]
    assert [(len(table.columns), len(table.rows)) for table in tables] == [(0, 0)] * 2
    assert tables[0] is tables[1]


def test_columns_of_text_are_named_as_dbt_names_them_for_a_seed_and_for_an_answer() -> None:
    from dbt_common.clients import agate_helper

    spare_work()
    of_seed = agate_helper.build_type_tester(text_columns=["code"])
    assert of_seed is agate_helper.build_type_tester(["code"])


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 as a", "-- first\nselect (with b as (select 2) select * from b) as a",
        "with b as (select ')' as c, (1 + 2) as d) select * from b", "/* with */ with recursive b as (select 1) from b",
        "select * from (with b as (select 1) from b) where c in (select case when d then 1 end from e)",
    ],
)  # fmt: skip
def test_rows_of_a_unit_test_stand_where_dbt_puts_them(sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbt import compilation

    of_dbt: Any = compilation
    rows = [of_dbt.InjectedCTE(id=name, sql=f"{name} as (select 1)") for name in ("x", "y")]
    spare_work()
    placed = of_dbt.inject_ctes_into_sql(sql, rows)
    with monkeypatch.context() as patch:
        patch.setattr(of_dbt.sqlparse, "parse", sys.modules["sqlparse"].parse)
        assert placed == of_dbt.inject_ctes_into_sql(sql, rows)
    assert placed != sql


def test_a_cycle_of_models_is_named() -> None:
    from dbt import compilation

    spare_work()
    linker: Any = compilation.Linker()
    linker.dependency("a", "b")
    assert linker.find_cycles() is None
    linker.dependency("b", "a")
    assert set(linker.find_cycles().split(" --> ")) == {"a", "b"}


def test_columns_are_asked_for_once_where_nothing_changes_and_each_time_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dbt.adapters.duckdb.impl import DuckDBAdapter

    asked: list[str] = []

    def answer(_: Any, name: str) -> str:
        asked.append(name)
        return f"columns of {name}"

    monkeypatch.setattr(DuckDBAdapter, "get_columns_in_relation", answer)
    adapter: Any = DuckDBAdapter.__new__(DuckDBAdapter)
    with ask_columns_once():
        found = [adapter.get_columns_in_relation(name) for name in ("a", "b", "a")]
    adapter.get_columns_in_relation("a")
    assert (found, asked) == (["columns of a", "columns of b", "columns of a"], ["a", "b", "a"])


def test_texts_stay_texts_and_numbers_become_numbers() -> None:
    from dbt_common.clients import agate_helper

    spare_work()
    for names in ({"text"}, set(), {"text"}):
        table = agate_helper.table_from_rows([("1", "2")], ["text", "number"], text_only_columns=names)
        assert [str(value) for value in table.rows[0]] == ["1", "2"]
        assert [isinstance(value, str) for value in table.rows[0]] == ["text" in names, False]


@pytest.mark.parametrize("package", ["sarai", "other", "dbt"])
def test_a_model_calls_the_macros_that_dbt_finds_for_it(package: str) -> None:
    """A macro of its own package stands before one of the project, and that before those of the adapter and of dbt."""
    from dbt.clients.jinja import MacroGenerator

    spec = find_spec("dbt.context.macros")
    assert spec
    assert spec.loader
    unchanged = module_from_spec(spec)  # another test has changed the one that this process has imported
    spec.loader.exec_module(unchanged)
    macros: Any = {
        place: {name: SimpleNamespace(name=name, package_name=place) for name in ("everywhere", place, *more)}
        for place, more in {"sarai": ["x"], "other": ["x"], "dbt": ["y", "x"], "dbt_duckdb": ["y"]}.items()
    }
    node, stack, context = object(), object(), {"this": "a table"}
    builder = unchanged.MacroNamespaceBuilder("sarai", package, stack, ["dbt_duckdb", "dbt"], node)
    theirs, ours = builder.build_namespace(macros, context), build_namespace(builder, macros, context)

    def flat(found: Any) -> Any:
        if isinstance(found, MacroGenerator):
            return found.macro, found.context, found.node, found.stack
        return {name: flat(inner) for name, inner in found.items()}

    def whole(namespace: Any) -> tuple[Any, ...]:
        named = [namespace.get_from_package(place, "everywhere") for place in (None, "dbt", "sarai", "other")]
        return flat(namespace), [flat(one) for one in named], namespace.get("none"), len(namespace)

    assert whole(ours) == whole(theirs)
