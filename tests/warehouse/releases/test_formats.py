"""What a spreadsheet would run is disarmed in csv and can be recovered, letter by letter."""

import csv
from pathlib import Path

import duckdb
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings, strategies as st

from warehouse.releases.formats import disarm_text, recover_text, write_csv
from warehouse.releases.marts import read_marts


def written(texts: list[str | None], folder: Path) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.rpt_places (place_id bigint primary key, place varchar, quantity_kg double)"
        )
        rows = [[number, text, -1.5] for number, text in enumerate(texts)]
        connection.executemany("insert into marts.rpt_places values (?, ?, ?)", rows)
        (folder / "csv").mkdir()
        (output,) = write_csv(connection, read_marts(connection), folder)
    with (folder / output.path).open(encoding="utf-8", newline="") as file:
        return [row[1] for row in csv.reader(file)][1:]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" @SUM(1)", "' @SUM(1)"),
        ("+7 701", "'+7 701"),
        ("-", "'-"),
        ("＝1", "'＝1"),
        ("'quoted'", "''quoted'"),
        ("Ош;=1+1", "Ош;'=1+1"),
        ("Ош\n=1+1", "Ош\n'=1+1"),
        ("\t=1", "\t'=1"),
        ("Ош, ул. Ленина - 5", "Ош, ул. Ленина - 5"),
        ("O'sh; bozor", "O'sh; bozor"),
    ],
)
def test_formulas_are_disarmed(text: str, cell: str, tmp_path: Path) -> None:
    assert written([text], tmp_path) == [cell]
    assert disarm_text(text) == cell
    assert recover_text(cell) == text


def test_numbers_stay_numbers_and_null_is_not_an_empty_text(tmp_path: Path) -> None:
    written(["a", None, ""], tmp_path)
    lines = (tmp_path / "csv" / "rpt_places.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["place_id,place,quantity_kg", "0,a,-1.5", "1,,-1.5", '2,"",-1.5']


@pytest.mark.chance
@given(st.lists(st.text(st.sampled_from("a'=+-@;\t\r\n \u00a0,\"＝ж"), max_size=8), min_size=1, max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(10, 400), deadline=None)
def test_every_text_is_recovered_and_none_runs(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    cells = written(list(texts), tmp_path_factory.mktemp("csv"))
    assert [recover_text(cell) for cell in cells] == texts
    assert [*map(disarm_text, texts)] == cells
    for cell in cells:
        for piece in cell.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
            assert piece.strip(" \u00a0")[:1] not in {"=", "+", "-", "@", "＝"}
