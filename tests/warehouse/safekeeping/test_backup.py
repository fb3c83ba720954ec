"""Backup and restore: the drill, and every reason to refuse."""

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from conftest import HEADINGS, Warehouse, fill_inbox
from made_keys import KEY, PEM, write_public_key

from warehouse.releases.verification import verify_folder
from warehouse.safekeeping.backup import back_up, restore
from warehouse.safekeeping.backup_folder import MANIFEST, BackupError
from warehouse.safekeeping.kept_places import missing_files
from warehouse.safekeeping.notes import LastBackup, last_backup
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.safekeeping.restoration import UnknownEditionsError, state
from warehouse.storage.database import WriterBusyError, open_database, writing
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings

LOST = {"logs", "dbt", "last_success", "prefect", "writer.lock"}


@pytest.fixture(scope="module")
def backup(published: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that tests may read but not change."""
    target = tmp_path_factory.mktemp("safe") / "backup"
    back_up(published.settings, target)
    return target


def content(home: Path) -> dict[str, tuple[int, bytes | str]]:
    """Return the modes and bytes of what a backup has to keep, but for the database, which is what its rows are."""
    found: dict[str, tuple[int, bytes | str]] = {}
    for path in home.rglob("*"):
        name = path.relative_to(home).as_posix()
        if name.split("/")[0] in LOST or name.startswith("warehouse.duckdb"):
            continue
        if path.is_symlink():
            found[name] = (0, str(path.readlink()))
        else:
            found[name] = (path.stat().st_mode, path.read_bytes() if path.is_file() else "")
    return found


def test_drill(warehouse: Settings, tmp_path: Path, prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.ingest import ingest
    from flows.publish import publish

    assert prefect_api
    fill_inbox(warehouse.inbox, {"UZB/UZB_2024-04.csv": f"{HEADINGS}U9;05.04.2024;;Opium;1.5;kg;\n"})
    before = content(warehouse.root)
    back_up(warehouse, tmp_path / "safe")
    shutil.rmtree(warehouse.root)
    restore(warehouse, tmp_path / "safe")
    assert content(warehouse.root) == before
    assert reconcile(warehouse) == []
    with pytest.raises(UnknownEditionsError):
        publish()
    state(warehouse, "members only")
    monkeypatch.setenv("SARAI_SIGNING_KEY", PEM)
    ingested, release = ingest(), publish()
    assert [(d.submission_id[:11], d.outcome) for d in ingested.decisions] == [("UZB-2024-04", "accepted")]
    assert (release.number, release.is_new, release.public.is_dir()) == (2, True, False)
    with duckdb.connect(str(release.database), read_only=True) as reader:
        found = reader.execute("select record_id, quantity_kg from fct_seizures order by 1").fetchall()
    assert found == [("K1", 2.5), ("K2", 0.75), ("K3", 0.5), ("U1", 1.5), ("U9", 1.5)]
    assert reconcile(warehouse) == []
    assert verify_folder(release.path, write_public_key(tmp_path / "public.pem", KEY)).is_sound
    written = [*warehouse.root.rglob("*"), *Path(os.environ["PREFECT_HOME"]).rglob("*")]
    assert any(path.name == "prefect.db" for path in written)
    assert [path for path in written if path.is_file() and PEM.splitlines()[1].encode() in path.read_bytes()] == []


def test_a_second_backup_writes_only_what_is_new_and_forgets_what_is_gone(warehouse: Settings, tmp_path: Path) -> None:
    target = tmp_path / "safe"
    first = back_up(warehouse, target)
    assert last_backup(warehouse) == LastBackup(created_at=first.created_at, folder=str(target))
    stored = {path.name: path.stat().st_ino for path in target.glob("files/*/*")}
    assert set(stored) == {file.sha256 for file in first.files.values()}
    (warehouse.inbox / "KAZ" / "new.csv").write_text("new")
    damaged = target / "files" / (name := min(stored))[:2] / name
    damaged.write_bytes(b"!" * damaged.stat().st_size)
    with duckdb.connect(str(warehouse.releases / "current" / "marts.duckdb"), read_only=True) as reader:
        second = back_up(warehouse, target)
        assert reader.execute("select count(*) from fct_seizures").fetchone() == (4,)
    again = {path.name: path.stat().st_ino for path in target.glob("files/*/*")}
    assert again == {file.sha256: again[file.sha256] for file in second.files.values()}
    assert set(second.files) - set(first.files) == {"inbox/KAZ/new.csv"}
    kept = set(stored) & set(again) - {name}
    assert len(kept) >= len(stored) - 2  # the database may be another, and what was damaged is written anew
    assert [again[name] for name in sorted(kept)] == [stored[name] for name in sorted(kept)]
    assert [path for path in target.glob("files/*/*") if file_sha256(path) != path.name] == []
    assert {path.stat().st_mode & 0o077 for path in target.rglob("*")} == {0}


def test_nothing_is_copied_while_somebody_writes(warehouse: Settings, tmp_path: Path) -> None:
    hasty = warehouse.model_copy(update={"lock_timeout_s": 0.1})
    with writing(warehouse), pytest.raises(WriterBusyError):
        back_up(hasty, tmp_path / "safe")
    assert not (tmp_path / "safe").exists()


def test_a_damaged_warehouse_does_not_replace_a_whole_backup(warehouse: Settings, backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "safe"
    shutil.copytree(backup, target)
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    with open_database(warehouse) as connection:
        connection.execute("update raw.seizures set quantity = '7' where record_id = 'U1'")
    with pytest.raises(BackupError, match=r"raw\.seizures: a value .*has been changed(.|\n)*No backup was made"):
        back_up(warehouse, target)
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before


def test_bytes_of_the_ledger_and_files_of_releases_are_missed(published: Warehouse, backup: Path) -> None:
    manifest = json.loads((backup / MANIFEST).read_bytes())
    stored = {name: file["sha256"] for name, file in manifest["files"].items()}
    needed = [min(name for name in stored if name.startswith(folder)) for folder in ("vault/", "releases/1/public/")]
    needed += ["releases/1/datapackage.json", "releases/1/marts.duckdb"]
    changed = {name: "0" * 64 if name in needed[2:] else sha256 for name, sha256 in stored.items()}
    lost = {name: sha256 for name, sha256 in changed.items() if name not in needed[:2]}
    with open_database(published.settings) as connection:
        assert list(missing_files(connection, published.settings, stored)) == []
        found = "\n".join(missing_files(connection, published.settings, lost))
    assert [name for name in needed if f"{published.settings.root / name} would be missing" in found] == needed
    assert found.count("would be missing") == len(needed)


def test_only_an_empty_folder_is_restored_into(warehouse: Settings, backup: Path) -> None:
    before = content(warehouse.root)
    with pytest.raises(BackupError, match="is not empty, there is dbt"):
        restore(warehouse, backup)
    assert content(warehouse.root) == before


@pytest.mark.parametrize("damage", ["changed", "missing", "escaping", "none"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_restored(backup: Path, tmp_path: Path, damage: str) -> None:
    source, settings = tmp_path / "safe", Settings(home=tmp_path / "var")
    shutil.copytree(backup, source)
    said = json.loads((source / MANIFEST).read_text())
    name = next(name for name in said["files"] if name.startswith("vault/"))
    stored = source / "files" / said["files"][name]["sha256"][:2] / said["files"][name]["sha256"]
    if damage == "changed":
        stored.write_bytes(stored.read_bytes()[:-1] + b"!")
    elif damage == "missing":
        stored.unlink()
    elif damage == "escaping":
        said["files"]["../escaped"] = said["files"][name]
        (source / MANIFEST).write_text(json.dumps(said))
    else:
        (source / MANIFEST).unlink()
    words = {"changed": f"{name} has changed in the backup", "missing": f"{name} is not in the backup"}
    with pytest.raises(BackupError, match=words.get(damage, "holds no backup")):
        restore(settings, source)
    assert not settings.root.exists() or [path.name for path in settings.root.iterdir()] == ["writer.lock"]
    assert not (tmp_path / "escaped").exists()


def test_a_target_is_no_part_of_the_warehouse_and_holds_nothing_else(published: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="is inside of"):
        back_up(published.settings, published.settings.root / "safe")
    (tmp_path / "letter").touch()
    with pytest.raises(BackupError, match="holds something else"):
        back_up(published.settings, tmp_path)
