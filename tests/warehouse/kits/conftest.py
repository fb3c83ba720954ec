"""What tests of kits share: kits of the golden release, each made once a run."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from warehouse.releases.catalogue import Release


@pytest.fixture
def kit_of(golden_release: "Release", golden: Settings, shared: Path) -> Callable[[str, str], Path]:
    """What makes a kit for an audience if no process of the run has made it; tests may read but not change it.

    A kit that would show nothing is a path at which nothing is.
    """

    def make(name: str, audience: str) -> Path:
        from warehouse.kits.errors import NothingToShowError
        from warehouse.kits.folder import make_kit
        from warehouse.kits.kits import KITS
        from warehouse.kits.source import opened

        folder = shared / "kits" / f"{name} {audience}"
        with FileLock(shared / f"kit {name} {audience}.lock"):
            if not folder.exists():
                folder.mkdir(parents=True)
                with opened(golden_release, audience, golden) as source:
                    try:
                        made = make_kit(KITS[name], source, folder).path
                    except NothingToShowError:
                        made = folder / "nothing"
                (folder / "made").write_text(str(made))
        return Path((folder / "made").read_text())

    return make
