"""The flow that makes the bulletin after a publication: everybody's; the rest of it is that of test_kits_flow.py."""

from pathlib import Path
from typing import Any

import pytest
from conftest import only_alert

from warehouse.bulletin import bulletin as pages
from warehouse.kits.errors import KitError
from warehouse.kits.source import Source
from warehouse.releases.catalogue import current_release
from warehouse.releases.verification import verify_folder
from warehouse.storage.settings import Settings


def write_page(source: Source, folder: Path, **_: Any) -> None:
    """Write a page for all but Tajikistan, where it fails."""
    if source.audience == "TJK":
        raise KitError("The map has no border.")
    (folder / "index_ru.html").write_text(str(source.execute("from rpt_region_by_year order by all").fetchall()))


@pytest.mark.usefixtures("prefect_api")
def test_a_bulletin_is_made_for_everybody_and_what_fails_for_one_is_told(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.bulletin import bulletin

    monkeypatch.setattr(pages, "_write", write_page)
    with pytest.raises(KitError, match=r"^For TJK: The map has no border\.$"):
        bulletin()
    made = sorted(str(path.parent.relative_to(warehouse.bulletin)) for path in warehouse.bulletin.glob("*/1/*.html"))
    assert made == ["KAZ/1", "KGZ/1", "TKM/1", "UZB/1", "centre/1", "members/1", "public/1"]
    alert = only_alert(warehouse)
    assert (alert["flow"], alert["state"]) == ("bulletin", "Failed")
    assert "The map has no border." in alert["reason"]
    release = current_release(warehouse)
    assert release
    assert verify_folder(release.path).is_sound
