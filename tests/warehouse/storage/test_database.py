"""The working database: its statements reach the warehouse and the codelists, and nothing else of the machine."""

from pathlib import Path

import duckdb
import pytest

from warehouse.storage.database import (
    ForeignFunctionError,
    close_kept,
    interrupt_queries,
    kept_open,
    open_database,
    replace_table,
    replace_view,
    rows_as_dicts,
    transaction,
)
from warehouse.storage.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "outside.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "inside.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "var" / "link.csv").symlink_to(tmp_path / "outside.csv")
    return Settings(home=tmp_path / "var")


@pytest.mark.parametrize(
    "statement",
    [
        "from read_csv('{folder}/outside.csv')",
        "from read_csv('{folder}/var/../outside.csv')",
        "from read_csv('{folder}/var/link.csv')",
        "from '{folder}/outside.csv'",
        "from read_text('/etc/passwd')",
        "from glob('{folder}/*')",
        "from read_csv('https://example.org/x.csv')",
        "copy (select 1) to '{folder}/out.parquet' (format parquet)",
        "attach '{folder}/other.duckdb' as other",
        "export database '{folder}/everything'",
        "install httpfs",
        "load httpfs",
        "load '{folder}/x.duckdb_extension'",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set lock_configuration = false",
    ],
)
def test_a_statement_that_reaches_outside_is_refused(settings: Settings, statement: str, tmp_path: Path) -> None:
    with (
        open_database(settings) as first, open_database(settings) as second,
    ):  # fmt: skip
        for connection in (first, second):
            with pytest.raises(duckdb.Error, match=r"(disabled by|through) configuration|has been locked"):
                connection.execute(statement.format(folder=tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"outside.csv", "var"}


def test_what_the_warehouse_does_itself_is_allowed(settings: Settings, tmp_path: Path) -> None:
    with open_database(settings) as connection:
        for path in (tmp_path / "var" / "inside.csv", settings.codelists / "codelists" / "countries.csv"):
            assert connection.execute("select count(*) > 0 from read_csv(?)", [str(path)]).fetchone() == (True,)
        connection.execute(
            f"attach '{tmp_path}/var/release.duckdb' as release; create table release.x as select 1 as a"
        )
        connection.execute(f"copy release.x to '{tmp_path}/var/x.parquet' (format parquet)")


def test_rows_come_under_the_names_of_their_columns() -> None:
    with duckdb.connect() as connection:
        cursor = connection.execute("select 1 as number, 'a' as letter union all select 2, null order by number")
        assert rows_as_dicts(cursor) == [{"number": 1, "letter": "a"}, {"number": 2, "letter": None}]


@pytest.mark.parametrize("interruption", [duckdb.Error, KeyboardInterrupt])
def test_a_transaction_that_does_not_end_leaves_nothing(interruption: type[BaseException]) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table kept (number integer)")

        def fail_half_way() -> None:
            with transaction(connection):
                connection.execute("insert into kept values (1)")
                raise interruption

        with pytest.raises(interruption):
            fail_half_way()
        with transaction(connection):
            connection.execute("insert into kept values (2)")
        assert connection.execute("from kept").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("create schema raw; create view raw.seizures as select current_query() as q", r"view raw\.seizures"),
        ("create schema staging; create view staging.stg_prices as select 1 as a", r"view staging\.stg_prices"),
        ("create table t (a varchar collate nocase)", r"collated column in main\.t"),
        ("create schema temp", r"schema warehouse\.temp"),
        ("create table t (a integer, b varchar generated always as (current_query()))", r"generated column in main\.t"),
    ],
)
def test_what_looks_at_the_question_is_refused(tmp_path: Path, sql: str, named: str) -> None:
    """It could show one row to the proof and another to the publication."""
    settings = Settings(home=tmp_path / "var")
    with open_database(settings):
        pass
    with duckdb.connect(settings.database) as connection:  # as others could between two openings of a run
        connection.execute(sql)
    with pytest.raises(ForeignFunctionError, match=f"holds the {named}, which Sarai does not make"):
        open_database(settings).__enter__()


def test_a_view_takes_the_place_of_a_table_that_somebody_put_there(tmp_path: Path) -> None:
    with open_database(Settings(home=tmp_path / "var")) as connection:
        connection.execute("create schema audit; create table audit.seizures as select 1 as a")
        for value in (2, 3):
            replace_view(connection, "audit", "seizures", f"select {value} as a")
            assert connection.execute("from audit.seizures").fetchall() == [(value,)]


def test_a_table_takes_the_place_of_a_view_that_somebody_put_there(tmp_path: Path) -> None:
    with open_database(Settings(home=tmp_path / "var")) as connection:
        connection.execute('create schema audit; create view audit."Pending" as select 1 as a')
        connection.execute(
            "create schema staging; create view staging.stg_landings__dbt_tmp as select 1 as a"
        )  # a kill
    with open_database(Settings(home=tmp_path / "var")) as connection:
        for value in (2, 3):
            replace_table(connection, "audit", "pending", "as select ? as a", [value])
            assert connection.execute("from audit.pending").fetchall() == [(value,)]


def test_a_macro_that_replaces_a_function_of_duckdb_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var")
    with open_database(settings):
        pass
    with duckdb.connect(settings.database) as connection:
        connection.execute('create macro "+"(a, b) as 99')
        assert connection.execute("select 1 + 2").fetchone() == (99,)
    for _ in range(2):  # what was refused is looked at again
        with pytest.raises(ForeignFunctionError, match=r"holds the macro main\.\+"):
            open_database(settings).__enter__()


def test_a_small_database_is_kept_open_until_others_may_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "var")

    def is_open_after(begin: str) -> bool:
        with open_database(settings) as connection:
            connection.execute(begin)
        return is_open()

    def is_open() -> bool:
        try:
            duckdb.connect(str(settings.database), config={"threads": 3}).close()
        except duckdb.ConnectionException:  # in one process a file has one configuration as long as it is open
            return True
        return False

    assert not is_open_after("create table kept as select 1 as a")
    with kept_open(settings):
        assert is_open_after("from kept")
        close_kept(settings)
        assert not is_open()
        assert is_open_after("create temp table rows as from kept")
        assert is_open_after("create temp table rows as from kept"), "nothing of a step is left in the next"
        with pytest.raises(duckdb.CatalogException):
            is_open_after("from nowhere")
        assert not is_open(), "where something failed, the next step opens the file anew"
        assert is_open_after("from kept")
        monkeypatch.setattr("warehouse.storage.database._SMALL", 0)
        assert not is_open_after("from kept"), "cached blocks of a large one are given back"
    monkeypatch.undo()
    with kept_open(settings):
        assert is_open_after("from kept")
        interrupt_queries()
    assert not is_open()
