"""The flow that reminds, through its command."""

import json

import pytest
from click.testing import CliRunner, Result

from flows.commands.cli import main
from warehouse.storage.settings import Settings


def sarai(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["remind", *arguments])


def test_letters_of_a_day(warehouse: Settings, prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    assert sarai("--date", "2024-02-14").exit_code == 0
    folder = warehouse.root / "reminders" / "2024-02-14"
    assert {path.stem for path in folder.iterdir()} == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    assert "январь 2024: вся форма" in (folder / "TKM.txt").read_text(encoding="utf-8")
    kazakhstan = json.loads((folder / "KAZ.json").read_text(encoding="utf-8"))["letters"][0]
    assert (kazakhstan["agency_code"], kazakhstan["language"]) == ("KZ-PS-KNB", "ru")
    assert [(item["month"], "seizures" in item["tables"]) for item in kazakhstan["items"]] == [("2024-01", False)]
    tajikistan = json.loads((folder / "TJK.json").read_text(encoding="utf-8"))["letters"][0]
    assert tajikistan["items"][0]["rejected_file"] == "TJK/TJK_2024-01.xlsx"

    assert sarai("--date", "2024-01-31").exit_code == 0
    assert [path.name for path in folder.parent.iterdir()] == ["2024-02-14"]


def test_a_wrong_day_is_wrong_use() -> None:
    assert sarai("--date", "tomorrow").exit_code == 2
