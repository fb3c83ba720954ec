"""The page of settings: a row for each with its default, and a page that says something else is named."""

from pathlib import Path

from flows.commands.settings_page import PAGE, settings_page, write_settings_page
from warehouse.storage.settings import Settings


def test_every_setting_has_a_row_with_its_default_and_who_needs_it() -> None:
    rows = [line.split(" | ") for line in settings_page().splitlines() if line.startswith("| `")]
    assert [cells[0] for cells in rows] == [f"| `SARAI_{name.upper()}`" for name in Settings.model_fields]
    assert all(len(cells) == 4 and all(cells) for cells in rows)
    defaults = {cells[0][3:-1]: cells[1] for cells in rows}
    assert (defaults["SARAI_THREADS"], defaults["SARAI_DASK"]) == ("`2`", "none")
    assert (defaults["SARAI_HOME"], defaults["SARAI_WAIVERS"]) == ("`var`", "`expectations/waivers.yml`")


def test_a_page_that_differs_is_named_and_written(tmp_path: Path) -> None:
    assert write_settings_page(check=True) == []  # that of the repository
    assert write_settings_page(check=True, folder=tmp_path) == [PAGE.as_posix()]
    assert not (tmp_path / PAGE).exists()
    assert write_settings_page(folder=tmp_path) == [PAGE.as_posix()]
    (tmp_path / PAGE).write_text(settings_page().replace("`2`", "`3`"), encoding="utf-8")
    assert write_settings_page(check=True, folder=tmp_path) == [PAGE.as_posix()]
    assert write_settings_page(folder=tmp_path) == [PAGE.as_posix()]
    assert write_settings_page(check=True, folder=tmp_path) == []
