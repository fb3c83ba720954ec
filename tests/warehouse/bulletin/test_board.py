"""The board of the centre: what it says is what the ledger, the release and the house have, and red is urgent."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from warehouse.bulletin.board.house import failed_part
from warehouse.bulletin.board.page import write_board
from warehouse.bulletin.edition import Edition
from warehouse.kits.errors import KitError
from warehouse.kits.source import CENTRE, opened
from warehouse.releases.catalogue import Release
from warehouse.safekeeping.notes import LastBackup, last_backup, note_backup, note_success
from warehouse.storage.database import open_database
from warehouse.storage.reading import open_release
from warehouse.storage.settings import Settings

NOW = datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture
def house(golden: Settings, tmp_path: Path) -> Settings:
    """Settings of a house whose board is made of the golden warehouse."""
    return golden.at(tmp_path)


@pytest.fixture
def written(golden: Settings, golden_release: Release, house: Settings) -> Callable[[], list[Path]]:
    """What writes the board as of NOW, and returns its pages, the Russian one first."""

    def write() -> list[Path]:
        with opened(golden_release, CENTRE, golden) as source, open_database(golden) as connection:
            return sorted(write_board(connection, replace(source, settings=house), NOW), reverse=True)

    return write


def parts_of(page: Path) -> dict[str, tuple[list[list[str]], list[list[str]], str]]:
    """Return name → rows, those of them in red, and what stands below, of each part of a board."""
    parts = {}
    for name, text in re.findall(r'<h2 id="(\w+)">(.*?)</section>', page.read_text(encoding="utf-8"), re.DOTALL):
        rows, urgent = [], []
        for is_urgent, row in re.findall(r"<tr( class=\"alarm\")?>(<td>.*?)</tr>", text, re.DOTALL):
            cells = [html.unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
            rows.append(cells)
            if is_urgent:
                urgent.append(cells)
        parts[name] = rows, urgent, text.rsplit("<p>", 1)[1]
    return parts


def test_the_board_says_what_the_ledger_and_the_release_have(
    written: Callable[[], list[Path]], golden_release: Release
) -> None:
    russian, english = written()
    parts = parts_of(english)
    assert {name: len(rows) for name, (rows, _, _) in parts_of(russian).items()} == {
        name: len(rows) for name, (rows, _, _) in parts.items()
    }
    late, urgent, step = parts["late"]
    # Only the real states owe reports, from the first month of reporting_obligations.csv to the last that was reported.
    states = ["Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"]
    assert [row[:3] for row in late] == [[state, "the whole form", "January 2024 – May 2024"] for state in states]
    assert urgent == late
    assert "sarai remind" in step
    [[state, month, file, reason]], urgent, _ = parts["rejected"]
    assert (state, month, file) == ("Aradia", "April 2024", "XAA/XAA_2024-04.csv")
    assert "more than 5% of the rows have errors" in reason
    assert urgent
    assert parts["waiting"][:2] == (
        [["Aradia", "5", "January 2024, May 2024"], ["Boronia", "4", "January 2024, March 2024, May 2024"]],
        [],
    )
    queries = {
        "questioned": "select distinct country_code, drug_code from rpt_seizures_by_month "
        "where questioned_kg_without_duplicates > 0",
        "matches": "from fct_seizure_matches where match_kind = 'ACROSS' and not is_same_record",
        "unusual": "from rpt_seizure_signals_by_month where signal_code in ('HIGH', 'LOW')",
    }
    with open_release(golden_release.database) as connection:
        for name, query in queries.items():
            assert len(parts[name][0]) == len(connection.execute(query).fetchall()), name
    assert "No month is unusual." in parts["unusual"][2]


def test_what_failed_and_what_no_backup_holds_is_red_and_the_same_state_gives_the_same_board(
    written: Callable[[], list[Path]], house: Settings
) -> None:
    alerts = house.root / "alerts"
    alerts.mkdir()
    for days, name in ((1, "publish"), (20, "ingest")):
        ended = NOW - timedelta(days=days)
        alert = {
            "flow": name,
            "state": "Failed",
            "ended_at": f"{ended:%Y-%m-%dT%H:%M:%SZ}",
            "reason": "The gate <closed>.",
        }
        (alerts / f"{ended:%Y%m%dT%H%M%S%fZ}-{name}.json").write_text(json.dumps(alert))
    cut_off = f"{NOW - timedelta(days=2):%Y%m%dT%H%M%S%fZ}"  # by a full disk
    (alerts / f"{cut_off}-ingest.json").write_text('{"flow": "ing')
    pages = written()
    english = parts_of(pages[1])
    assert [row[1:] for row in english["failed"][1]] == [
        ["publish", "Failed", "not yet", "The gate <closed>."], ["ingest", "", "not yet", "Its alert cannot be read."],
    ]  # fmt: skip
    assert english["failed"][1][1][0] == cut_off
    assert english["backup"][0] == []
    assert "No backup of this warehouse is known here." in english["backup"][2]
    before = [page.read_bytes() for page in pages]
    assert [page.read_bytes() for page in written()] == before
    for created_at, since in ((NOW - timedelta(days=400), True), (NOW + timedelta(days=1), False)):
        note_backup(house, LastBackup(created_at=created_at, folder="safe"))
        rows, urgent, _ = parts_of(written()[1])["backup"]
        assert [(row[1], row[2], row[3] != "0") for row in rows] == [("400" if since else "0", "safe", since)]
        assert bool(urgent) is since


def test_a_board_is_not_written_through_a_link(
    written: Callable[[], list[Path]], house: Settings, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    house.bulletin.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KitError, match="bulletin is a link"):
        written()
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(("hours", "told"), [(1, "2024-03-01T10:00:00Z"), (-1, "not yet"), (None, "not yet")])
def test_a_failure_is_red_until_a_run_of_the_same_flow_ended_well(tmp_path: Path, hours: int | None, told: str) -> None:
    settings, failed_at = Settings(home=tmp_path), datetime(2024, 3, 1, 9, tzinfo=UTC)
    alert = {"flow": "publish", "state": "Failed", "ended_at": f"{failed_at:%Y-%m-%dT%H:%M:%SZ}", "reason": "closed"}
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / f"{failed_at:%Y%m%dT%H%M%S%fZ}-publish.json").write_text(json.dumps(alert))
    note_success(settings, "ingest", failed_at + timedelta(hours=5))
    if hours:
        note_success(settings, "publish", failed_at + timedelta(hours=hours))
    edition = Edition(cast("Any", SimpleNamespace(settings=settings)), "en", {}, (), frozenset())
    [row] = failed_part(edition, failed_at + timedelta(days=1)).rows
    assert row.values[3] == told
    assert row.is_urgent == (told == "not yet")


def test_a_damaged_note_of_a_backup_is_none(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.last_backup.write_text("{")
    assert last_backup(settings) is None
