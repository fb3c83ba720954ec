"""The flow that makes kits after a publication: everybody's, and one audience's failure is not that of the others."""

from pathlib import Path

import pytest
from conftest import only_alert

from warehouse.kits import kits as shelf
from warehouse.kits.errors import KitError
from warehouse.kits.folder import Kit
from warehouse.kits.source import Source
from warehouse.releases.catalogue import current_release
from warehouse.releases.verification import verify_folder
from warehouse.storage.settings import Settings


def write_years(source: Source, folder: Path) -> None:
    """Write a file for all but Uzbekistan, for which there is nothing to show, and two states, where it fails."""
    if source.audience in {"KAZ", "TJK"}:
        raise KitError("The chart has no room.")
    if source.audience != "UZB":
        (folder / "years.csv").write_text(str(source.execute("from rpt_region_by_year order by all").fetchall()))


@pytest.mark.usefixtures("prefect_api")
def test_kits_are_made_for_everybody_and_what_fails_for_one_is_told(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.kits import kits

    only = {"years": Kit("years", "The region by year", write_years)}
    monkeypatch.setattr(shelf, "KITS", only)
    monkeypatch.setattr("flows.kits.KITS", only)
    with pytest.raises(KitError, match=r"^For KAZ: The chart has no room\. For TJK: The chart has no room\.$"):
        kits()
    made = sorted(str(path.parent.relative_to(warehouse.kits)) for path in warehouse.kits.rglob("years.csv"))
    assert made == ["1/KGZ/years", "1/TKM/years", "1/centre/years", "1/public/years", "1/years"]
    alert = only_alert(warehouse)
    assert (alert["flow"], alert["state"]) == ("kits", "Failed")
    assert "For TJK: The chart has no room." in alert["reason"]
    release = current_release(warehouse)
    assert release
    assert verify_folder(release.path).is_sound


@pytest.mark.usefixtures("prefect_api")
def test_without_a_release_there_is_nothing_to_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.kits import kits

    monkeypatch.setenv("SARAI_HOME", str(tmp_path))
    assert kits() == []
