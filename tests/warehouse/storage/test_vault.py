import hashlib
import stat
from pathlib import Path

import pytest

from warehouse.storage.vault import CHUNK, Deposit, clear_unfinished, deposit, vault_path


def put(path: Path, vault: Path) -> Deposit:
    with path.open("rb") as file:
        return deposit(file, vault)


def test_bytes_lie_under_their_sha256_and_are_read_only(tmp_path: Path) -> None:
    content = bytes(range(256)) * (CHUNK // 256) + b"more than one chunk"
    source = tmp_path / "KAZ_2024-05.csv"
    source.write_bytes(content)
    found = put(source, tmp_path / "vault")
    assert (found.sha256, found.byte_count) == (hashlib.sha256(content).hexdigest(), len(content))
    assert found.path == vault_path(tmp_path / "vault", found.sha256)
    assert found.path.read_bytes() == source.read_bytes() == content
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o400


def test_bytes_that_are_there_stay_untouched(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"same")
    first = put(tmp_path / "a", tmp_path / "vault")
    before = first.path.stat()
    assert put(tmp_path / "b", tmp_path / "vault") == first
    after = first.path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_half_copies_of_killed_runs_are_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    kept = put(tmp_path / "a", tmp_path / "vault").path
    (tmp_path / "vault" / ".receiving-left").write_bytes(b"half")
    clear_unfinished(tmp_path / "vault")
    assert [path for path in (tmp_path / "vault").rglob("*") if path.is_file()] == [kept]


def test_nothing_else_stays_in_the_vault(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    deposits = {put(tmp_path / "a", tmp_path / "vault").path for _ in range(2)}
    with (tmp_path / "a").open("rb") as closed:
        pass
    with pytest.raises(ValueError, match="closed"):
        deposit(closed, tmp_path / "vault")
    assert {path for path in (tmp_path / "vault").rglob("*") if path.is_file()} == deposits


def test_a_file_that_grows_while_it_is_copied_does_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.storage.vault.MAX_FILE_BYTES", 2 * CHUNK)
    with pytest.raises(OSError, match="File too large"), Path("/dev/zero").open("rb") as endless:
        deposit(endless, tmp_path / "vault")
    assert [path for path in (tmp_path / "vault").rglob("*") if path.is_file()] == []
