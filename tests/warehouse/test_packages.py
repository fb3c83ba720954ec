"""Packages that only some commands need: one that is missing or broken ends in a line with the next step."""

import sys
from pathlib import Path

import pytest

from warehouse.kits.errors import KitError
from warehouse.packages import require_packages


def test_a_package_that_is_there_and_cannot_be_imported_is_told_with_its_place_and_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To be found says nothing: what it links to may be missing."""
    broken = tmp_path / "broken_charts.py"
    broken.write_text("raise ImportError('libfont.so: cannot open shared object file')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(KitError) as raised:
        require_packages(["json", broken.stem], "requirements-kits.lock", KitError)
    assert str(raised.value) == (
        f"The package broken_charts in {broken} cannot be imported: libfont.so: cannot open shared object file. "
        "Install requirements-kits.lock anew, with the option --force-reinstall of pip, on this machine."
    )
    assert broken.stem not in sys.modules


def test_a_package_that_is_not_there_is_told_with_the_next_step() -> None:
    with pytest.raises(KitError, match=r"charts_of_nobody is not installed\. Install requirements-kits\.lock\."):
        require_packages(["charts_of_nobody"], "requirements-kits.lock", KitError)
