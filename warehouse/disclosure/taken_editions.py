"""Public editions that were shown and are of no release here: kept whole, and each an entry in the chain of the ledger.

They were shown after the backup that this warehouse was restored from, or by another warehouse with the same data.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.disclosure.shown_edition import ShownEdition
from warehouse.ledger.chain import append_links
from warehouse.releases.catalogue import list_releases
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.verification import verify_folder
from warehouse.storage.durable import DRAFT, file_sha256, sync_folder, sync_tree
from warehouse.storage.permissions import create_folder
from warehouse.storage.settings import Settings

EDITION = "edition"


def taken_in(settings: Settings) -> list[Path]:
    """Return the folders of public editions that were taken in, by number and hash."""
    if not settings.shown_editions.is_dir():
        return []
    folders = [path for path in settings.shown_editions.iterdir() if not path.name.startswith(".")]
    return sorted(folders, key=lambda path: (len(path.name), path.name))


def is_known(settings: Settings, edition: ShownEdition) -> bool:
    """Return whether an edition is that of a release here, or was taken in before."""
    packages = [release.public / DATA_PACKAGE for release in list_releases(settings)]
    known = {file_sha256(path) for path in packages if path.exists()}
    return edition.sha256 in known or (settings.shown_editions / _name(edition)).exists()


def take_in(connection: duckdb.DuckDBPyConnection, settings: Settings, folder: Path, edition: ShownEdition) -> None:
    """Copy a verified public edition into the warehouse, durable, and enter it in the chain."""
    create_folder(settings.shown_editions)
    place, draft = settings.shown_editions / _name(edition), settings.shown_editions / f"{DRAFT}{_name(edition)}"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(folder, draft)
    sync_tree(draft)
    if not _entered(connection).get(place.name):
        append_links(connection, [(EDITION, place.name, edition.sha256)])
    draft.rename(place)
    sync_folder(settings.shown_editions)


def compare_taken(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """Yield what differs between the editions that were taken in and their entries."""
    entered, there = _entered(connection), {path.name: path for path in taken_in(settings)}
    again = "Give it again: `sarai restore --public-editions FOLDER`."
    for name, sha256 in entered.items():
        if name not in there:
            yield f"Public edition {name} was taken in and is gone. {again}"
        elif not verify_folder(there[name]).is_sound or file_sha256(there[name] / DATA_PACKAGE) != sha256:
            yield f"Public edition {name} is not as it was taken in. Take {there[name]} away. {again}"
    for name in sorted(there.keys() - entered.keys()):
        yield f"Public edition {name} was taken in by no run. Take {there[name]} away."


def _entered(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute("select entry_key, entry from raw.chain where kind = ?", [EDITION]).fetchall()
    return dict(rows)


def _name(edition: ShownEdition) -> str:
    return f"{edition.version}-{edition.sha256[:12]}"
