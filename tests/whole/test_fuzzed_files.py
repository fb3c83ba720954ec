"""Chance against the readers: a few hundred damaged files; `make fuzz` tries as many as time allows."""

import itertools
from pathlib import Path

import pytest
from examples import examples
from fuzzed_files import _assert_landed, _assert_nothing_invented, corpus, fuzz, inputs, read
from hostile_files import HEAD, LINE

from warehouse.intake.landing import Reading


@pytest.mark.chance
def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    outcomes, failed = fuzz(seed=2, seconds=600, limit=examples(40, 400), failures=tmp_path)
    assert failed == []
    kinds = {".csv read", ".json read", ".xlsx read", ".xlsb read", ".json file_unreadable", ".xlsx file_unreadable"}
    assert kinds <= set(outcomes)


def test_a_seed_gives_the_same_files(tmp_path: Path) -> None:
    files = corpus(tmp_path)
    assert {ending for ending, _ in files} == {".csv", ".json", ".xlsb", ".xlsx"}
    first, again, other = (list(itertools.islice(inputs(seed, files), 30)) for seed in (1, 1, 2))
    assert first == again != other


def sound(folder: Path) -> Reading:
    return read(".csv", (HEAD + LINE).encode(), folder)


@pytest.mark.parametrize(("old", "new"), [("heroin", "opium"), ('"1","kg"', '"10","kg"')])
def test_a_cell_that_was_not_sent_is_noticed(tmp_path: Path, old: str, new: str) -> None:
    reading = sound(tmp_path)
    path = reading.landings[0].path
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(AssertionError, match="landed with what it does not hold"):
        _assert_nothing_invented(reading, tmp_path / "received")


def test_a_row_that_the_database_does_not_load_is_noticed(tmp_path: Path) -> None:
    reading = sound(tmp_path)
    reading.landings[0].path.write_text("", encoding="utf-8")
    with pytest.raises(RuntimeError, match="1 rows were read and 0 landed"):
        _assert_landed(reading)


def test_a_failing_file_is_kept_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.intake.landing.MAX_ROW_CHARACTERS", None)
    outcomes, failed = fuzz(seed=3, seconds=15, limit=5, failures=tmp_path / "kept")
    kept = sorted((tmp_path / "kept").iterdir())
    assert len(kept) == len(failed) == 5 - outcomes.total() > 0
    assert "TypeError" in failed[0]
    assert f"{kept[0].name}: " in "".join(failed)
