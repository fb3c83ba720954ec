"""Many answers are written by processes that read the database, and are those that one process writes."""

import shutil
from pathlib import Path

import pytest
from conftest import Warehouse

from flows import steps
from warehouse.answers import writer_processes
from warehouse.answers.missing_answers import unanswered
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


@pytest.fixture
def interrupted(published: Warehouse, tmp_path: Path) -> Settings:
    """A warehouse of which a run was killed before it answered."""
    settings = published.settings.at(tmp_path / "var").model_copy(update={"threads": 2})
    settings.root.mkdir()
    shutil.copy(published.settings.database, settings.database)
    with open_database(settings) as connection:
        connection.execute("delete from raw.answers")
    return settings


def written(settings: Settings) -> dict[str, bytes]:
    paths = [path for path in settings.feedback.rglob("*") if path.is_file()]
    return {path.relative_to(settings.feedback).as_posix(): path.read_bytes() for path in paths}


def test_processes_write_what_one_process_writes(
    published: Warehouse, interrupted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_processes, "LONG_RUN", 0)
    monkeypatch.setattr(writer_processes, "AT_ONCE", 2)
    folders = steps.answer(steps.begin_run(interrupted))
    alone = written(published.settings)
    assert "return_UZB_2024-01.xlsx" in {name.rpartition("/")[2] for name in alone}
    assert written(interrupted) == alone
    assert sorted(path.relative_to(interrupted.feedback) for path in folders) == sorted(
        {Path(name).parent for name in alone if "/" in name}
    )
    with open_database(interrupted) as connection:
        assert unanswered(connection) == []


def test_a_failure_names_its_answer_and_all_are_written_again(
    interrupted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_processes, "LONG_RUN", 0)
    in_the_way = interrupted.feedback / "UZB" / "2024-01"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.touch()
    with pytest.raises(NotADirectoryError) as raised:
        steps.answer(steps.begin_run(interrupted))
    assert raised.value.__notes__ == ["This was the answer to UZB/UZB_2024-01.csv."]
    with open_database(interrupted) as connection:
        (batch,) = unanswered(connection)
    assert len(batch.file_names) == 6
