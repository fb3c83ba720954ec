import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings, strategies as st
from made_readings import FIRST, HEADINGS, csv_of, reading_of

from warehouse.findings.finding import Finding
from warehouse.intake.landing import Reading
from warehouse.intake.replies import Reply
from warehouse.ledger.chain import read_entries
from warehouse.ledger.raw import add_findings, create_tables, land, land_each
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.replies.confirmations import add_replies, read_sent_replies

QUESTIONNAIRE = load_questionnaire()


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        create_tables(connection, QUESTIONNAIRE)
        yield connection


def counts(connection: duckdb.DuckDBPyConnection) -> list[int]:
    tables = ("submissions", "landings", "seizures", "persons", "findings")
    return [connection.execute(f"select count(*) from raw.{table}").fetchall()[0][0] for table in tables]


def test_files_of_a_run_land_together(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    kaz = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", csv_of([HEADINGS, FIRST, FIRST]))
    uzb = reading_of(
        tmp_path, "UZB/UZB_2024-05.json", b'{"persons": [{"sex": "F", "persons_count": 3}], "seizures": []}'
    )
    bad = reading_of(tmp_path, "TJK/TJK_2024-05.xlsx", b"PK\x03\x04")
    assert land(connection, [kaz, uzb, bad], QUESTIONNAIRE) == [kaz, bad, uzb]
    assert counts(connection) == [3, 3, 2, 1, 2]
    assert connection.execute("select source_row, sheet, sex, persons_count from raw.persons").fetchall() == [
        (1, "persons", "F", "3")
    ]
    assert connection.execute("select severity, rule, decided_at from raw.findings order by severity").fetchall() == [
        ("error", "file_unreadable", None),
        ("warning", "column_unknown", None),
    ]
    assert connection.execute(
        "select file_format, encoding, delimiter, country_code, reporting_month::text from raw.submissions order by 1"
    ).fetchall() == [
        ("csv", "utf-8-sig", ";", "KAZ", "2024-05-01"),
        ("json", None, None, "UZB", "2024-05-01"),
        (None, None, None, "TJK", "2024-05-01"),
    ]


def test_same_bytes_change_nothing(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    content = csv_of([HEADINGS, FIRST])
    first = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", content)
    again = reading_of(tmp_path, "KAZ/copy of 2024-05.csv", content)
    assert land(connection, [first, again], QUESTIONNAIRE) == [first]
    before = counts(connection)
    assert land(connection, [first], QUESTIONNAIRE) == land(connection, [again], QUESTIONNAIRE) == []
    assert counts(connection) == before == [1, 1, 1, 0, 1]
    own, names = first.submission.submission_id, "select submission_id, file_name from raw.copies"
    assert connection.execute(names).fetchall() == [(own, "KAZ/copy of 2024-05.csv")]


def test_same_bytes_for_another_month_are_another_submission(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    content = csv_of([HEADINGS])
    readings = [reading_of(tmp_path, f"KAZ/KAZ_2024-0{month}.csv", content) for month in (4, 5)]
    assert land(connection, readings, QUESTIONNAIRE) == readings
    assert counts(connection)[:3] == [2, 2, 0]


def test_file_that_calls_itself_older_is_asked_about(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    def revised(number: int | str, name: str) -> Reading:
        return reading_of(tmp_path, f"KAZ/{name}_2024-05.csv", csv_of([["Revision", str(number)], HEADINGS, FIRST]))

    def asked() -> list[tuple[str, str]]:
        return connection.execute(
            "select file_name, value from raw.findings join raw.submissions using (submission_id) "
            "where rule = 'revision_not_newer' order by 1"
        ).fetchall()

    first, corrected = revised(0, "KAZ"), revised(2, "a")
    # Sent together, the number decides which of two is later, and another country has numbers of its own.
    land(connection, [corrected, first, replace(revised(3, "UZB"), submission=replace(corrected.submission,
         submission_id="UZB", country_code="UZB", revision=1))], QUESTIONNAIRE)  # fmt: skip
    assert asked() == []
    land(connection, [revised(1, "b"), revised(3, "c")], QUESTIONNAIRE)
    assert asked() == [("KAZ/b_2024-05.csv", "1")]
    named = [
        reading_of(tmp_path, f"KAZ/KAZ_2024-06_{name}.csv", csv_of([HEADINGS, [*FIRST[:-1], f"{name} {version}"]]))
        for version, name in enumerate(("v9", "v10", "v9", "v10", "last"))
    ]
    for reading in named:
        land(connection, [reading], QUESTIONNAIRE)
    assert asked() == [("KAZ/KAZ_2024-06_v9.csv", "9"), ("KAZ/b_2024-05.csv", "1")]


def test_batch_lands_whole_or_not_at_all(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    good = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", csv_of([HEADINGS, FIRST]))
    short = reading_of(tmp_path, "KAZ/KAZ_2024-06.csv", csv_of([HEADINGS, FIRST, FIRST]))
    wrong = replace(short, landings=tuple(replace(part, row_count=3) for part in short.landings))
    with pytest.raises(RuntimeError, match="seizures: 4 rows were read and 3 landed"):
        land(connection, [good, wrong], QUESTIONNAIRE)
    assert counts(connection) == [0, 0, 0, 0, 0]
    assert land(connection, [good, short], QUESTIONNAIRE) == [good, short]


def test_new_field_becomes_a_column_beside_the_old_rows(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    land(connection, [reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", csv_of([HEADINGS, FIRST]))], QUESTIONNAIRE)
    seizures = QUESTIONNAIRE.table("seizures")
    packaging = seizures.field("place").model_copy(update={"name": "packaging"})
    wider = seizures.model_copy(update={"fields": (packaging, *seizures.fields)})
    create_tables(connection, QUESTIONNAIRE.model_copy(update={"tables": (wider,)}))
    assert connection.execute("select drug, packaging from raw.seizures").fetchall() == [("героин", None)]


def test_findings_keep_their_places(connection: duckdb.DuckDBPyConnection) -> None:
    place = Finding("id", "error", "required", 'it\'s "{value}"', "seizures", "x", 14, "unit", "", {"value": "ö"})
    add_findings(connection, [place, Finding("id", "warning", "jump", "m")], datetime(2024, 5, 1, 10, 30))
    add_findings(connection, [], None)
    assert connection.execute("select * from raw.findings").fetchall() == [
        ("id", datetime(2024, 5, 1, 10, 30), "seizures", "x", 14, "unit", "error", "required", "",
         'Seizures, row 14, Unit: it\'s "ö"', 'it\'s "{value}"', '{"value":"ö"}', None),
        ("id", datetime(2024, 5, 1, 10, 30), None, None, None, None, "warning", "jump", None, "m", "m", "{}", None),
    ]  # fmt: skip


def cells(encoding: str) -> st.SearchStrategy[str]:
    if encoding == "cp1251":
        return st.text(st.sampled_from([bytes([n]).decode("cp1251") for n in range(256) if n != 0x98]), max_size=6)
    return st.text(max_size=6)


files = st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]).flatmap(
    lambda encoding: st.tuples(
        st.just(encoding), st.sampled_from(";,\t"), st.lists(st.lists(cells(encoding), max_size=7), max_size=6)
    )
)


@pytest.mark.chance
@settings(max_examples=examples(20, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files)
def test_every_row_of_a_csv_file_lands_letter_by_letter(
    connection: duckdb.DuckDBPyConnection, given_file: tuple[str, str, list[list[str]]]
) -> None:
    encoding, delimiter, rows = given_file
    connection.execute("delete from raw.submissions; delete from raw.seizures; delete from raw.findings")
    with tempfile.TemporaryDirectory() as folder:
        content = csv_of([HEADINGS, FIRST, *rows], encoding, delimiter)
        reading = reading_of(Path(folder), "KAZ/KAZ_2024-05.csv", content)
        land(connection, [reading], QUESTIONNAIRE)
    landed = connection.execute(
        "select source_row, seizure_date, drug, quantity, unit, extra::json->>'Эксперт', extra::json->>'column 6', "
        "extra::json->>'column 7' from raw.seizures"
    ).fetchall()
    remarks = connection.execute(
        "select source_row, value from raw.findings where source_row is not null and rule <> 'column_unnamed'"
    ).fetchall()
    sent = {number: row for number, row in enumerate([FIRST, *rows], start=2) if any(cell.strip() for cell in row)}
    assert sorted([row[0] for row in landed] + [row[0] for row in remarks]) == list(sent)
    for number, *values in landed:
        expected = [cell.replace("\0", "\u2400") for cell in sent[number] + [""] * (7 - len(sent[number]))]
        expected[4:] = [cell if cell.strip() else "" for cell in expected[4:]]
        assert [value or "" for value in values] == expected
    for number, value in remarks:
        assert value == " | ".join(cell.strip() for cell in sent[number] if cell.strip()).replace("\0", "\u2400")


def test_file_that_the_database_refuses_stops_no_other(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    names = ("KAZ/KAZ_2024-05.csv", "KAZ/KAZ_2024-06.csv", "KAZ/KAZ_2024-07.csv")
    first, broken, last = (reading_of(tmp_path, name, csv_of([HEADINGS, FIRST])) for name in names)
    broken.landings[0].path.write_text("not what was read", encoding="utf-8")
    landed, refused = land_each(connection, [first, broken, last], QUESTIONNAIRE)
    assert landed == [first, last]
    assert list(refused) == ["KAZ/KAZ_2024-06.csv"]
    assert counts(connection) == [2, 2, 2, 0, 2]


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "\r", '"\r\n"', "a\nb"])
def test_line_break_in_the_first_row_is_no_end_of_a_line(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, text: str
) -> None:
    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", csv_of([[*HEADINGS, "Place"], [*FIRST, text]]))
    land(connection, [reading], QUESTIONNAIRE)
    assert connection.execute("select place from raw.seizures").fetchall() == [(text,)]


def test_replies_of_a_ledger_from_before_have_no_place_and_keep_their_hash(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    reply = Reply("3f9a1c2b4d", "row_repeated", "", "да", "CONFIRMED")
    add_replies(connection, "A", datetime(2024, 7, 1), [reply])
    before = read_entries(connection, ["submission"])
    for column in ("sheet", "source_row"):
        connection.execute(f"alter table raw.replies drop column {column}")
    assert read_entries(connection, ["submission"]) == before
    create_tables(connection, QUESTIONNAIRE)
    assert read_entries(connection, ["submission"]) == before
    assert read_sent_replies(connection, "A") == [reply]


def test_who_stops_a_run_refuses_no_file(tmp_path: Path) -> None:
    class Stopped:
        def execute(self, _: str) -> None:
            raise duckdb.InterruptException("stopped")

    reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", csv_of([HEADINGS, FIRST]))
    with pytest.raises(duckdb.InterruptException):
        land_each(Stopped(), [reading], QUESTIONNAIRE)  # type: ignore[arg-type]
