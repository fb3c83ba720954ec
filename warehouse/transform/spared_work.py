"""What dbt is kept from doing: it takes longer than to build a small model, and nobody here reads what comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

from warehouse.transform.spared_contexts import spare_contexts


@cache
def spare_work() -> None:
    """Keep dbt, in this process, from asking what has one answer here and from making what nobody reads."""
    from dbt.adapters.duckdb.impl import DuckDBAdapter
    from dbt_common.behavior_flags import BehaviorFlagRendered
    from dbt_common.clients import agate_helper

    # Who declares a flag of dbt: it searches all modules for every caller, and imports those that we import late.
    BehaviorFlagRendered._default_source = staticmethod(lambda: "dbt")  # type: ignore[method-assign] # noqa: SLF001
    # Whether a foreign key points to a table: it asks before each model, and no table of ours has one.
    DuckDBAdapter._foreign_key_catalog_types = set()  # noqa: SLF001
    # The table of a statement that returns none, and the types of one that returns some: agate compiles its patterns of
    # dates for each.
    agate_helper.empty_table = cache(agate_helper.empty_table)
    find_types: Any = cache(agate_helper.build_type_tester)
    agate_helper.build_type_tester = lambda text_columns, **options: find_types(frozenset(text_columns), **options)
    spare_contexts()
    _make_no_unread_events()
    _look_at_the_graph_once()
    _parse_only_what_nests()


@contextmanager
def ask_columns_once() -> Iterator[None]:
    """Let dbt ask once for the columns of a table or view, where none changes: it asks for every input of a test."""
    from dbt.adapters.duckdb.impl import DuckDBAdapter

    of_dbt: Any = DuckDBAdapter
    ask = of_dbt.get_columns_in_relation
    known: dict[str, Any] = {}

    def remember(adapter: Any, relation: Any) -> Any:
        name = str(relation)
        if name not in known:
            known[name] = ask(adapter, relation)
        return known[name]

    of_dbt.get_columns_in_relation = remember
    try:
        yield
    finally:
        of_dbt.get_columns_in_relation = ask


def _look_at_the_graph_once() -> None:
    """Look for the way of a cycle only where there is one, and sum up nothing for a file that nobody reads."""
    from dbt import compilation

    of_dbt: Any = compilation
    name_cycle = of_dbt.Linker.find_cycles

    def find_cycles(linker: Any) -> str | None:
        cycle: str | None = None
        if not of_dbt.nx.is_directed_acyclic_graph(linker.graph):
            cycle = name_cycle(linker)
        return cycle

    of_dbt.Linker.find_cycles = find_cycles
    of_dbt.Linker.get_graph_summary = lambda *_: {}


def _parse_only_what_nests() -> None:
    """Let dbt find the `with` of a statement, behind which it puts the rows of a unit test, by parentheses alone.

    Operators, lists, cases and all else that sqlparse groups took a fifth of the tests of our SQL.
    """
    from dbt import compilation

    of_dbt: Any = compilation
    whole = of_dbt.sqlparse

    def parse(sql: str) -> list[Any]:
        statements = list(whole.engine.FilterStack().run(sql))
        for statement in statements:
            whole.engine.grouping.group_parenthesis(statement)
        return statements

    of_dbt.sqlparse = SimpleNamespace(parse=parse, sql=whole.sql, tokens=whole.tokens)


def _make_no_unread_events() -> None:
    """Make messages of debugging only when they are fired at another level: no log of ours has any.

    There are a dozen for each statement, and dbt parses each into two messages of protobuf before it asks who reads it.
    """
    from dbt_common.events.base_types import BaseEvent, DebugLevel, EventLevel
    from dbt_common.events.event_manager import EventManager

    make, fire = BaseEvent.__init__, EventManager.fire_event

    def remember(event: DebugLevel, *arguments: Any, **fields: Any) -> None:
        vars(event)["made_of"] = arguments, fields

    def fire_read(
        manager: EventManager, event: BaseEvent, level: EventLevel | None = None, *arguments: Any, **options: Any
    ) -> None:
        if "made_of" in vars(event):
            if level in (None, EventLevel.DEBUG):
                return
            its_arguments, fields = vars(event).pop("made_of")
            make(event, *its_arguments, **fields)
        fire(manager, event, level, *arguments, **options)

    DebugLevel.__init__ = remember  # type: ignore[method-assign, assignment]
    EventManager.fire_event = fire_read  # type: ignore[method-assign, assignment]
