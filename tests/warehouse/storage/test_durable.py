from pathlib import Path

import pytest

from warehouse.storage.durable import replace_file, replacing


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    replace_file(path, b"old and long")
    replace_file(path, b"new")
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("answer.json", b"new")]


def test_the_old_file_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    replace_file(path, b"old")

    def fail_half_way() -> None:
        with replacing(path) as draft:
            draft.write_bytes(b"half")
            raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        fail_half_way()
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("answer.json", b"old")]
