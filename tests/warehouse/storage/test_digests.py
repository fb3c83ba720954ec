"""The digest of rows by their columns: whatever is changed changes it, and nothing else does."""

import hashlib
import struct
from collections.abc import Iterator

import duckdb
import pytest

from warehouse.storage.digests import ALL, Rows, digest_rows
from warehouse.storage.table_digests import digest_each_row, digest_tables, read_tables

KEY = ("sheet", "source_row")
# With so many columns 65,536 rows are in memory at once; without a value they are part of no digest.
EMPTY = ", ".join(f"null::varchar as empty_{number}" for number in range(12))


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Three rows of A and two of B, with every type that our tables have."""
    with duckdb.connect() as connection:
        connection.execute("""
            create table rows_sent (
                submission_id varchar, sheet varchar, source_row bigint, place varchar, unit varchar, quantity double,
                day date, received_at timestamp, is_open boolean, year integer, total decimal(9, 2)
            );
            insert into rows_sent values
            ('A', '', 2, 'Ош', 'кг', 1.5, '2024-05-01', '2024-05-01 10:00:00.000001', true, 2024, 1.10),
            ('A', '', 3, 'ab', 'c', null, null, null, null, null, null),
            ('A', '', 4, '', null, 0.0, '1969-12-31', '1969-12-31', false, -1, -0.01),
            ('B', 'x', 2, 'same', 'same', 1, '2024-05-01', '2024-05-01', true, 1, 1),
            ('B', 'x', 3, 'same', 'same', 1, '2024-05-01', '2024-05-01', true, 1, 1)
        """)
        yield connection


def digest(connection: duckdb.DuckDBPyConnection, order: tuple[str, ...] = KEY) -> dict[str | None, tuple[int, str]]:
    [columns] = read_tables(connection, ["main"]).values()
    return digest_rows(connection, Rows("rows_sent", columns, "submission_id", order))


def framed(text: str) -> bytes:
    return struct.pack("<I", len(text.encode())) + text.encode()


def texts(*values: str) -> bytes:
    sizes = [len(value.encode()) for value in values]
    return struct.pack(f"<{len(values)}I", *sizes) + "".join(values).encode()


OF_A = "submission_id = 'A' and source_row = "
CHANGES = {
    "text": f"update rows_sent set place = 'ош' where {OF_A} 2",
    "last bit of a number": f"update rows_sent set quantity = quantity + 2.220446049250313e-16 where {OF_A} 2",
    "number to null": f"update rows_sent set quantity = null where {OF_A} 4",
    "null to nought": f"update rows_sent set quantity = 0 where {OF_A} 3",
    "empty text to null": f"update rows_sent set place = null where {OF_A} 4",
    "null to empty text": f"update rows_sent set unit = '' where {OF_A} 4",
    "day": f"update rows_sent set day = day + 1 where {OF_A} 2",
    "microsecond": f"update rows_sent set received_at = '2024-05-01 10:00:00.000002' where {OF_A} 2",
    "truth": f"update rows_sent set is_open = true where {OF_A} 4",
    "year": f"update rows_sent set year = 2025 where {OF_A} 2",
    "decimal": f"update rows_sent set total = 1.11 where {OF_A} 2",
    "moved to another column": f"update rows_sent set unit = place, place = unit where {OF_A} 3",
    "moved to another row": "update rows_sent set place = if(place = 'ab', 'Ош', 'ab') where place in ('ab', 'Ош')",
    "letter moved into the next column": f"update rows_sent set place = 'a', unit = 'bc' where {OF_A} 3",
    "row number": f"update rows_sent set source_row = 5 where {OF_A} 4",
    "sheet": f"update rows_sent set sheet = 'y' where {OF_A} 4",
    "rows swapped": "update rows_sent set source_row = 6 - source_row where submission_id = 'A'",
    "row removed": f"delete from rows_sent where {OF_A} 4",
    "row twice": f"insert into rows_sent from rows_sent where {OF_A} 2",
    "row added": "insert into rows_sent by name select 'A' as submission_id, '' as sheet, 9 as source_row",
    "row given to nobody": f"update rows_sent set submission_id = null where {OF_A} 4",
    "name of a column": "alter table rows_sent rename place to region",
    "type of a column": "alter table rows_sent alter quantity type decimal(18, 3)",
    "column removed": "alter table rows_sent drop day",
    "column added": "alter table rows_sent add notes varchar default ''",
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_changes_the_digest(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    before = digest(connection)
    connection.execute(CHANGES[name])
    now = digest(connection)
    assert now["A"][1] != before["A"][1]
    if not CHANGES[name].startswith("alter"):
        assert now["B"] == before["B"]


def test_only_what_is_there_decides(connection: duckdb.DuckDBPyConnection) -> None:
    before = digest(connection)
    connection.execute("alter table rows_sent add notes varchar")  # a new question
    connection.execute("""
        create table other as
        select * exclude (place, day), day, place from rows_sent order by source_row desc, submission_id;
        drop table rows_sent;
        alter table other rename to rows_sent
    """)
    assert digest(connection) == before
    assert digest(connection, ()) != before  # by all columns: those of A follow each other by their days
    connection.execute("update rows_sent set source_row = 2")  # then all others decide
    twins = digest(connection)
    connection.execute("create table other as from rows_sent order by place; drop table rows_sent;")
    connection.execute("alter table other rename to rows_sent")
    assert digest(connection) == twins


def test_a_digest_is_that_of_another_program() -> None:
    block = b"".join([
        struct.pack("<Q", 3),
        framed("day"), framed("DATE"), b"\1\1\0\1", struct.pack("<3i", -1, 0, 19844),
        framed("is_open"), framed("BOOLEAN"), b"\0\1\0\1",
        framed("place"), framed("VARCHAR"), b"\1\1\1\0", texts("Ош", "", ""),
        framed("quantity"), framed("DOUBLE"), b"\1\1\1\0", struct.pack("<3d", 0.1, -0.0, 0),
        framed("source_row"), framed("BIGINT"), b"\0", struct.pack("<3q", 2, 3, 4),
        framed("total"), framed("DECIMAL(9,2)"), b"\0", texts("1.50", "-0.01", "0.00"),
        b"\xff\xff\xff\xff",
    ])  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("""
            create table main.seen (
                source_row bigint primary key, quantity double, place varchar, day date, is_open boolean,
                total decimal(9, 2), unit varchar
            );
            insert into seen values
            (2, 0.1, 'Ош', '1969-12-31', true, 1.5, null), (3, '-0', '', null, false, -0.01, null),
            (4, null, null, '2024-05-01', true, 0, null)
        """)
        tables = read_tables(connection, ["main"])
        columns = tables["main", "seen"]
        rows = hashlib.sha256(block).hexdigest()
        assert digest_rows(connection, Rows("seen", columns, order=("source_row",))) == {"": (3, rows)}
        header = "".join(f"{name} {kind}\n" for name, kind in columns)
        entry = f"main.seen 3 columns:{hashlib.sha256(f'{header}{rows}'.encode()).hexdigest()}"
        assert digest_tables(connection, tables, ALL) == {"": entry}

        # As entries were made before: by the JSON of each row.
        connection.execute("delete from seen where source_row > 2")
        text = '["1969-12-31",true,"Ош",0.1,2,1.5,null]'
        rows = hashlib.sha256(text.encode()).hexdigest()
        entry = f"main.seen 1 {hashlib.sha256(f'{header}{rows}'.encode()).hexdigest()}"
        assert digest_each_row(connection, tables, ALL) == {"": entry}


def test_tables_of_the_same_columns_have_the_digests_that_each_has_alone() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create table main.codes (code varchar, name_en varchar, rank double);
            create table main.places as select 'P' || i as code, 'Место ' || i % 30 as name_en, i / 7 as rank
            from range(3000) as numbers(i);
            create table main.units (rank double, name_en varchar, code varchar);
            create table main.words (code varchar);
            insert into codes values ('b', null, 0.5), (null, '', null), ('a', 'Ош', -1), ('a', 'Ош', -1), ('', 'x', 2);
            insert into words values ('b');
            create table main.none as from units
        """)
        tables = read_tables(connection, ["main"])
        each = [digest_tables(connection, {name: columns}, ALL)[""] for name, columns in tables.items()]
        assert digest_tables(connection, tables, ALL) == {"": "\n".join(each)}
        assert [line.split()[1] for line in each] == ["5", "0", "3000", "0", "1"]


def test_many_rows_are_fetched_in_parts_and_have_one_digest() -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"""
            create table rows_sent as
            select 'A' as submission_id, '' as sheet, i as source_row, {EMPTY},
                if(i % 3 = 0, null, 'place ' || i) as place
            from range(100_000) as numbers(i);
            insert into rows_sent select * replace ('B' as submission_id) from rows_sent;
            delete from rows_sent where source_row % 5 = 0 -- places among them and numbers of DuckDB part
        """)
        before = digest(connection)
        assert [count for count, _ in before.values()] == [80_000, 80_000]
        assert before["A"][1] == alone(connection, "A")
        assert before["B"][1] == alone(connection, "B")
        connection.execute("""
            create table other as from rows_sent order by source_row, submission_id desc;
            drop table rows_sent;
            alter table other rename to rows_sent
        """)
        assert digest(connection) == before
        connection.execute("update rows_sent set place = 'p' where source_row = 99_999 and submission_id = 'B'")
        now = digest(connection)
        assert now["A"] == before["A"]
        assert now["B"] != before["B"]


def alone(connection: duckdb.DuckDBPyConnection, owner: str) -> str:
    """Return the digest of an owner's rows as their bytes are documented."""
    rows = connection.execute(
        "select source_row, place from rows_sent where submission_id = ? order by all", [owner]
    ).fetchall()
    sha256 = hashlib.sha256()
    for begin in range(0, len(rows), 16_384):
        numbers, places = zip(*rows[begin : begin + 16_384], strict=True)
        size = len(numbers)
        sha256.update(struct.pack("<Q", size))
        sha256.update(framed("place") + framed("VARCHAR") + b"\1" + bytes(place is not None for place in places))
        sha256.update(texts(*(place or "" for place in places)))
        sha256.update(framed("sheet") + framed("VARCHAR") + b"\0" + texts(*[""] * size))
        sha256.update(framed("source_row") + framed("BIGINT") + b"\0" + struct.pack(f"<{size}q", *numbers))
        sha256.update(framed("submission_id") + framed("VARCHAR") + b"\0" + texts(*[owner] * size) + b"\xff" * 4)
    return sha256.hexdigest()


def test_many_rows_of_many_owners_keep_their_order_whoever_is_asked_for(connection: duckdb.DuckDBPyConnection) -> None:
    names = [f"S{number}" for number in range(200)]
    connection.execute(f"""
        set threads = 2;
        create table many as
        select 'S' || (i // 1000) as submission_id, '' as sheet, i % 1000 as source_row, 'R' || i as record_id, {EMPTY}
        from range(200000) as numbers(i)
    """)

    def digests(asked: list[str] | None) -> dict[str, str]:
        columns = read_tables(connection, ["main"])["main", "many"]
        return digest_tables(connection, {("main", "many"): columns}, "submission_id", asked)

    every = digests(None)
    assert [digests(names) == every for _ in range(3)] == [True] * 3
    assert digests([]) == {}
    assert digests(names[::2]) == {name: every[name] for name in names[::2]}
    # Rows of a transaction that is open have other places.
    connection.execute("create table sent as from many; truncate many; begin; insert into many from sent")
    assert [digests(names) == every for _ in range(3)] == [True] * 3


def test_the_sign_of_a_zero_is_no_matter_of_how_many_rows_are_sorted() -> None:
    """DuckDB takes it away where it sorts all rows, and keeps it where it looks for the first few alone."""
    with duckdb.connect() as connection:
        connection.execute("""
            create table found (submission_id varchar, amount double, name varchar);
            insert into found select 'S1', if(i % 2 = 0, 0.0, '-0'::double), 'r' || (97 * i % 11) from range(6) rows (i)
        """)
        tables = read_tables(connection, ["main"])
        alone = digest_tables(connection, tables, "submission_id", ["S1"])
        whole = digest_tables(connection, tables, ALL)
        connection.execute("update found set amount = 0")
        assert digest_tables(connection, tables, ALL) == whole
        connection.execute("insert into found select 'S2', i, '' from range(5000) rows (i)")
        assert digest_tables(connection, tables, "submission_id")["S1"] == alone["S1"]
