"""Modules that Great Expectations names and no gate uses are imported only when somebody uses them."""

import subprocess
import sys
from pathlib import Path

import pytest

from expectations.gate.late_imports import imported_when_used


def test_a_module_is_executed_when_it_is_used_and_others_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    ran = "import made_notes\nmade_notes.RAN.append(__name__)\nvalue = 1\n"
    (tmp_path / "made_notes.py").write_text("RAN = []\n", encoding="utf-8")
    (tmp_path / "made_late").mkdir()
    for name in ("made_late/__init__.py", "made_late/part.py", "made_early.py"):
        (tmp_path / name).write_text(ran, encoding="utf-8")
    with imported_when_used("made_late.part"):
        import made_early  # type: ignore[import-not-found]
        from made_late import part  # type: ignore[import-not-found]
    notes = sys.modules["made_notes"]
    assert notes.RAN == ["made_early", "made_late"]
    assert (made_early.value, part.value) == (1, 1)
    assert notes.RAN[2:] == ["made_late.part"]
    for name in ("made_notes", "made_early", "made_late", "made_late.part"):
        del sys.modules[name]


def test_great_expectations_is_imported_without_its_charts() -> None:
    code = """
import sys, pandas
from expectations.gate.judge import _show
_show(pandas.DataFrame({"failing_count": [1]}))
print(*(name for name in ("great_expectations", "altair.vegalite") if name in sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "great_expectations\n"
