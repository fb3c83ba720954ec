"""What dbt is spared changes nothing that anybody reads."""

import sys
from typing import Any

import pytest

from warehouse.transform.spared_work import spare_work


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
