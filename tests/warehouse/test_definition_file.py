"""Definitions that several files share."""

from pathlib import Path

import pytest

from warehouse.definition_file import read_definitions


def test_a_name_is_defined_in_one_file_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("one: 1\n")
    (tmp_path / "b.yml").write_text("two: 2\n")
    assert read_definitions(tmp_path, int) == {"one": 1, "two": 2}
    (tmp_path / "b.yml").write_text("one: 2\n")
    with pytest.raises(ValueError, match=r"b\.yml defines what another file does: one"):
        read_definitions(tmp_path, int)
