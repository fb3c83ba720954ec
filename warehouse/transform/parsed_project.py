"""The dbt project as dbt has parsed it, kept in the cache: parsing takes seconds, and most runs change no model."""

import hashlib
import os
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.storage.regular_files import read_regular
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_KEPT = 4
_PARSED = (".sql", ".yml", ".md")
_NAMED = (".csv",)  # dbt reads the rows of a seed when it loads them


def project_version(dbt_project: Path) -> str:
    """Return a hash of what dbt parses: itself, and the files of the project, of seeds their names alone."""
    digest = hashlib.sha256(f"{version('dbt-core')}\0{version('dbt-duckdb')}\0".encode())
    for path in sorted(dbt_project.rglob("*")):
        if path.suffix in _PARSED + _NAMED:
            digest.update(f"{path.relative_to(dbt_project)}\0".encode())
        if path.suffix in _PARSED:
            digest.update(read_regular(path) + b"\0")
    return digest.hexdigest()


def place_seeds(manifest: "Manifest", dbt_project: Path) -> None:
    """Let dbt load the seeds of this folder, whichever folder of the same version was parsed."""
    from dbt.contracts.graph.nodes import SeedNode

    for node in manifest.nodes.values():
        if isinstance(node, SeedNode):
            node.root_path = str(dbt_project)


def read_parsed(settings: Settings, project: str) -> "Manifest | None":
    """Return the manifest of a version of the project; None when there is none, or one that dbt cannot read."""
    try:
        content = parsed_file(settings, _name(project)).read_bytes()
    except OSError:
        return None
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    try:
        return Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    except Exception:  # noqa: BLE001 - dbt has no error of its own for this, and the project can be parsed again
        return None


def keep_parsed(settings: Settings, project: str, manifest: "Manifest") -> None:
    """Keep a manifest for later processes, in place of the oldest; without a cache that takes it, they parse again."""
    from dbt.parser.manifest import extended_mashumaro_encoder

    keep_file(settings, _name(project), manifest.to_msgpack(extended_mashumaro_encoder))


def keep_file(settings: Settings, name: str, content: bytes) -> None:
    """Keep what follows from a version of the project, in place of the oldest of its kind; no error without a cache."""
    kept = parsed_file(settings, name)
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=kept.parent) as folder:
            made = Path(folder) / kept.name
            made.write_bytes(content)
            made.replace(kept)
        for old in sorted(kept.parent.glob(f"*{kept.suffix}"), key=os.path.getmtime)[:-_KEPT]:
            old.unlink(missing_ok=True)


def parsed_file(settings: Settings, name: str) -> Path:
    """Return where a file that follows from a version of the project is kept."""
    return settings.cache / "parsed" / name


def _name(project: str) -> str:
    return f"{project}.msgpack"
