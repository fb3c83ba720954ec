"""The folder of a backup: which folders may become one, and that nothing of others in it is changed or deleted."""

import json
import logging
import os
import resource
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from warehouse.ledger.chain import append_entries
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.safekeeping.backup import back_up, restore
from warehouse.safekeeping.backup_folder import MANIFEST, BackupError, open_target
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

OTHERS = {f"files/ab/{name}" for name in ("report.docx", "ab12", "c" * 64)} | {f"files/{'a' * 64}", "files/abc/letter"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "var")


def enter(settings: Settings, hour: int) -> None:
    """Append an entry to the chain of a ledger."""
    with open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        time = datetime(2024, 1, 1, hour)
        connection.execute("insert into raw.answers values (?, ?)", [time, time])
        append_entries(connection, "answer", [time.isoformat(timespec="microseconds")])


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("not ours")


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("manifest", [None, "{}", '{"files": {}}', "pipe"])
def test_only_a_folder_with_our_manifest_or_an_empty_one_is_a_target(
    settings: Settings, tmp_path: Path, manifest: str | None
) -> None:
    target = tmp_path / "documents"
    put(target, *OTHERS)
    if manifest == "pipe":
        os.mkfifo(target / MANIFEST)
    elif manifest is not None:
        (target / MANIFEST).write_text(manifest)
    before = content(target)
    with pytest.raises(BackupError, match=r"holds (something else|no backup)"):
        back_up(settings, target)
    assert content(target) == before


def test_what_others_put_into_the_target_stays(settings: Settings, tmp_path: Path) -> None:
    target, elsewhere, letter = tmp_path / "safe", tmp_path / "elsewhere", tmp_path / "letter"
    back_up(settings, target)
    put(target, *OTHERS, "letter", "files/ab/ours")
    put(elsewhere, "f" * 64)
    put(tmp_path, "letter")
    (target / "files" / "ff").symlink_to(elsewhere)
    (target / "files" / ".new").symlink_to(letter)
    gone = target / "files" / "ab" / ("ab" * 32)
    gone.touch()
    with pytest.raises(BackupError, match=r"files/ff is a link.*written there would lie elsewhere"):
        back_up(settings, target)
    (target / "files" / "ff").unlink()
    back_up(settings, target)
    assert not gone.exists()
    assert {name for name in (*OTHERS, "letter", "files/ab/ours") if (target / name).read_text() != "not ours"} == set()
    assert [path.read_text() for path in (letter, elsewhere / ("f" * 64))] == ["not ours"] * 2


def test_the_backup_of_another_warehouse_stays(settings: Settings, tmp_path: Path) -> None:
    target, other = tmp_path / "safe", Settings(home=tmp_path / "other")
    put(settings.root, "vault/ab/received")
    enter(settings, 8)
    back_up(settings, target)
    enter(settings, 9)
    back_up(settings, target)
    before = content(target)
    for hours in ((), (8,), (8, 10)):  # younger, with fewer entries, with others
        for hour in hours[-1:]:
            enter(other, hour)
        with pytest.raises(BackupError, match="another warehouse"):
            back_up(other, target)
    assert content(target) == before
    moved = Settings(home=tmp_path / "moved")
    restore(moved, target)
    enter(moved, 11)
    manifest = json.loads(before[target / MANIFEST])
    assert back_up(moved, target).ledger != manifest["ledger"]

    (target / MANIFEST).write_text(json.dumps(manifest | {"ledger": None}))  # as an earlier version wrote it
    with pytest.raises(BackupError, match="another warehouse"):
        back_up(other, target)
    assert back_up(moved, target).ledger


def test_a_first_backup_that_was_cut_off_is_no_backup_and_the_next_one_completes_it(
    settings: Settings, tmp_path: Path
) -> None:
    target, home = tmp_path / "safe", tmp_path / "new"
    with open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        open_target(connection, settings, target)
    with pytest.raises(BackupError, match="not completed"):
        restore(Settings(home=home), target)
    back_up(settings, target)
    assert restore(Settings(home=home), target).files


def test_what_lies_behind_a_link_is_named_and_the_backup_before_stays(settings: Settings, tmp_path: Path) -> None:
    places = ["vault/ab/abc", "vault/cd", "feedback/TJK", "gates/1/page.html", "releases/old"]
    put(settings.root, *places[::3], *(f"{place}/file" for place in places if place not in places[::3]))
    back_up(settings, target := tmp_path / "safe")
    before = content(target)
    for number, place in enumerate(places):
        path = (settings.root / place).rename(tmp_path / str(number))
        (settings.root / place).symlink_to(path)
    os.mkfifo(settings.vault / "pipe")
    (settings.releases / "current").symlink_to("1")
    with pytest.raises(BackupError, match="No backup was made; the one before is as it was") as refused:
        back_up(settings, target)
    for place in places:
        assert f"{settings.root / place} is a link to {tmp_path}" in str(refused.value)
    assert f"{settings.vault / 'pipe'} is a pipe" in str(refused.value)
    assert f"{settings.releases / 'current'} is" not in str(refused.value)
    assert content(target) == before


def test_a_file_that_its_sender_replaces_meanwhile_stops_no_backup(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "secrets/a.csv")
    put(settings.inbox, "KAZ/a.csv", "UZB/b.csv")
    os.mkfifo(settings.inbox / "UZB" / "pipe")
    (settings.inbox / "UZB" / "link").symlink_to(tmp_path / "secrets" / "a.csv")
    walk = os.walk

    def replace_and_walk(folder: Path, *, topdown: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
        for parent, folders, names in walk(folder, topdown=topdown):
            if parent.endswith("KAZ"):
                shutil.rmtree(parent)
                Path(parent).symlink_to(tmp_path / "secrets")
            yield parent, folders, names

    monkeypatch.setattr(os, "walk", replace_and_walk)
    with caplog.at_level(logging.WARNING):
        backup = back_up(settings, tmp_path / "safe")
    assert {name for name in backup.files if name.startswith("inbox")} == {"inbox/UZB/b.csv"}
    assert "KAZ/a.csv is not in the backup (it is a link" in caplog.text


def test_restore_removes_nothing_that_it_has_not_written(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "safe")
    home = tmp_path / "home"
    put(home, ".restoring/thesis")
    with pytest.raises(BackupError, match=r"there is \.restoring"):
        restore(Settings(home=home), tmp_path / "safe")
    (home / ".restoring" / "thesis").rename(home / ".restoring" / settings.database.name)
    restore(Settings(home=home), tmp_path / "safe")
    assert (home / settings.database.name).read_bytes()[8:12] == b"DUCK"


def test_a_disk_without_space_is_no_fault_of_the_backup(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "safe")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            restore(Settings(home=tmp_path / "home"), tmp_path / "safe")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    put(tmp_path / "home", "logs/errors.log")  # where the command has noted it
    assert restore(Settings(home=tmp_path / "home"), tmp_path / "safe").files


def test_a_manifest_that_is_not_that_of_a_whole_backup_restores_nothing(settings: Settings, tmp_path: Path) -> None:
    enter(settings, 8)
    target, home = tmp_path / "safe", tmp_path / "home"
    back_up(settings, target)
    manifest = json.loads((target / MANIFEST).read_text())
    files = manifest["files"]
    (database,) = files.values()
    for changed, words in (
        ({"files": {"inbox/x": database}}, "warehouse.duckdb is not in it"),
        ({"files": {**files, "writer.lock": database}}, "is no file that a backup holds"),
        ({"files": {**files, ".restoring": database}}, "is no file that a backup holds"),
        ({"files": {**files, "inbox/a\0b": database}}, "is no file that a backup holds"),
        ({"ledger": {"position": 2, "chain_sha256": "ab"}}, "ends with entry 1, and that of which it was made with 2"),
    ):
        (target / MANIFEST).write_text(json.dumps(manifest | changed))
        with pytest.raises(BackupError, match=words):
            restore(Settings(home=home), target)
        assert not home.exists() or {path.name for path in home.iterdir()} <= {"writer.lock"}
