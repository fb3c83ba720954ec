"""What dbt is spared changes nothing that anybody reads."""

from typing import Any

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
