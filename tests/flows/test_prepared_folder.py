import os
from pathlib import Path

import pytest
from conftest import copy_project

from flows.offline.prepared_folder import CacheError, new_folder, prepared_folder
from warehouse.storage.settings import Settings


def test_a_prepared_folder_is_whole_or_absent(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var", cache=tmp_path / "cache")
    with pytest.raises(FileExistsError), new_folder(settings) as made:
        made.mkdir()
    assert list(settings.cache.iterdir()) == []
    with new_folder(settings) as made:
        (made / "whole").write_text("", encoding="utf-8")
    assert [path.name for path in prepared_folder(settings).iterdir()] == ["whole"]


@pytest.mark.parametrize("rule", ["macros/typing/parse_date.sql", "seeds/spellings/missing_values_spellings.csv"])
def test_another_rule_has_a_folder_of_its_own(tmp_path: Path, rule: str) -> None:
    """What was prepared by the rules in force is not taken for changed ones."""
    project = copy_project(tmp_path / "dbt_project")
    changed = Settings(dbt_project=project)
    with (project / rule).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert prepared_folder(changed).parent == prepared_folder(Settings()).parent
    assert prepared_folder(changed) != prepared_folder(Settings())


def test_the_slower_of_two_leaves_what_the_faster_made(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var", cache=tmp_path / "cache")
    with new_folder(settings) as slow:
        with new_folder(settings) as fast:
            (fast / "fast").write_text("", encoding="utf-8")
        (slow / "slow").write_text("", encoding="utf-8")
    assert [path.name for path in settings.cache.glob("*/*")] == ["fast"]


def test_old_versions_are_forgotten_and_what_others_keep_there_stays(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var", cache=tmp_path / "cache")
    versions = ["a1" * 6, "b2" * 6, "c3" * 6]
    for age, version in enumerate((*versions, "a-dataset", "d4" * 6)):
        (settings.cache / version).mkdir(parents=True)
        if version in versions:
            (settings.cache / version / settings.database.name).touch()
        os.utime(settings.cache / version, (1_000_000 - age, 1_000_000 - age))
    with new_folder(settings) as made:
        (made / settings.database.name).touch()
    assert {path.name for path in settings.cache.iterdir()} == {
        *versions[:2], "a-dataset", "d4" * 6, prepared_folder(settings).name,
    }  # fmt: skip


def test_a_cache_that_can_not_be_written_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CacheError, match="SARAI_CACHE"), new_folder(Settings(cache=tmp_path / "file" / "cache")):
        pass
