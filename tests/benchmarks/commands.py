"""Commands of sarai that a benchmark starts on releases of its own: what one takes, and the homes that it reads."""

import json
import os
import subprocess
import sys
from pathlib import Path

from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.formats import DATABASE
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings


def link_home(home: Path, settings: Settings) -> None:
    """Make a home that has the releases of another, and room for what is made of them."""
    home.mkdir()
    (home / "releases").symlink_to(settings.releases.absolute())


def restate(folder: Path) -> None:
    """Write size and sha256 of changed databases and packages into the data package of a release or public edition."""
    package = json.loads((folder / DATA_PACKAGE).read_text("utf-8"))
    for resource in package["resources"]:
        file = folder / resource["path"]
        if file.name in {DATABASE, DATA_PACKAGE}:
            resource |= {"bytes": file.stat().st_size, "hash": f"sha256:{file_sha256(file)}"}
    (folder / DATA_PACKAGE).write_text(json.dumps(package), encoding="utf-8")


def cost_of(home: Path, *arguments: str) -> tuple[float, float]:
    """Run a command on a home and return its CPU seconds and peak memory in MB; ends the program if it fails."""
    process = subprocess.Popen(
        [Path(sys.executable).with_name("sarai"), *arguments],
        env=os.environ | {"SARAI_HOME": str(home)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"sarai {' '.join(arguments)} failed.")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6
