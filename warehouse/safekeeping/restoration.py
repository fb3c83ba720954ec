"""What was shown after the backup that a warehouse was restored from: unknown here until an operator says it.

A public edition protects what all earlier ones show together. So after a restore nothing is published until it is said
which public editions were shown meanwhile. Each statement is an entry in the chain of the ledger, with the number up to
which those of releases are used since.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb

from warehouse.disclosure.shown_edition import ShownEdition, read_shown_edition
from warehouse.disclosure.taken_editions import compare_taken, is_known, take_in
from warehouse.ledger.chain import append_links, dated
from warehouse.ledger.clock import now
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import list_releases
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError
from warehouse.releases.numbers import HIGHEST_NUMBER, mark_used, next_number, read_finished
from warehouse.releases.publication import complete_releases
from warehouse.releases.verification import verify_folder
from warehouse.storage.database import open_database, writing
from warehouse.storage.errors import SaraiError
from warehouse.storage.regular_files import read_regular
from warehouse.storage.settings import Settings
from warehouse.text_table import printable
from warehouse.words.catalogue import fill

RESTORE = "restore"
# What a statement says of the public editions shown since the backup; the first is none, it waits for one.
Statement = Literal["unknown", "editions taken in", "none shown", "members only"]


class UnknownEditionsError(SaraiError):
    """Nobody has said which public editions were shown since the backup, or one of them is no longer there."""


class _Found(NamedTuple):
    """A public edition in a folder."""

    folder: Path
    edition: ShownEdition


@dataclass(frozen=True)
class Answer:
    """What a statement has changed: numbers of editions taken in, known already, and of others' releases of one number.

    ``next_number`` is that of the next release.
    """

    taken: list[str]
    known: list[str]
    doubled: list[str]
    next_number: int


def enter_restored(settings: Settings) -> None:
    """Enter in the ledger that it was restored; nothing is known yet of what was shown since."""
    with open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        append_links(connection, [(RESTORE, dated(now()), "unknown")])


def publishes_for_all(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Return whether a public edition may be published, or members only see the next release.

    Raises UnknownEditionsError while nobody has said what was shown since the warehouse was restored.
    """
    statement = _last_statement(connection)
    if statement == "unknown":
        raise UnknownEditionsError(
            "This warehouse was restored from a backup, and nobody has said which public editions were shown since: a "
            "new one could give away what they suppress. Nothing was published. Run `sarai restore --public-editions "
            "FOLDER` with a copy of them, or `sarai restore --none-shown`; if they cannot be had now, `sarai restore "
            "--members-only`."
        )
    if problems := list(compare_taken(connection, settings)):
        raise UnknownEditionsError("\n".join([*problems, "Nothing was published."]))
    return statement != "members only"


def state(
    settings: Settings,
    statement: Statement,
    *,
    folder: Path | None = None,
    key: Path | None = None,
    last_release: int = 0,
) -> Answer:
    """Take in the public editions in a folder, if one is named, and enter what was said of those shown.

    Each is verified first, with the public key in the file ``key`` if there is one; if one of them is not as it was
    published, none is taken in and ReleaseError is raised. The next release has a higher number than all of them, and
    than ``last_release``. Waits for the writer's lock, see WriterBusyError.
    """
    if not settings.database.exists():
        raise ReleaseError(f"{settings.root} holds no warehouse. Name the folder of a backup too.")
    found = _find(folder, key) if folder else []
    with writing(settings), open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        complete_releases(connection, settings)
        new = [part for part in found if not is_known(settings, part.edition)]
        numbers = {str(release.number) for release in list_releases(settings)}
        for part in new:
            take_in(connection, settings, part.folder, part.edition)
        known = (last_release, read_finished(settings), stated_number(connection) or 0)
        used = max([*known, *(_number(part.edition) for part in found)])
        append_links(connection, [(RESTORE, dated(now()), f"{statement}\n{used}")])
        mark_used(settings, used)
        return Answer(
            taken=_versions(new),
            known=_versions([part for part in found if part not in new]),
            doubled=[version for version in _versions(new) if version in numbers],
            next_number=next_number(settings),
        )


def stated_number(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the number up to which all were used as the last statement was made, 0 before the first.

    None where a version that noted no number has entered a statement.
    """
    last = 0
    for entry in _statements(connection):
        statement, _, number = entry.partition("\n")
        if statement == "unknown":
            continue
        if not (number.isdecimal() and len(number) <= len(str(HIGHEST_NUMBER))):
            return None
        last = int(number)
    return last


def _last_statement(connection: duckdb.DuckDBPyConnection) -> str | None:
    statements = _statements(connection)
    return statements[-1].partition("\n")[0] if statements else None


def _statements(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select entry from raw.chain where kind = ? order by position", [RESTORE]).fetchall()
    return [entry for (entry,) in rows]


def _find(folder: Path, key: Path | None) -> list[_Found]:
    """Return the public editions below a folder, by number; raises ReleaseError for one that is not as published."""
    packages = sorted(path.parent for path in folder.rglob(DATA_PACKAGE))
    public = [path for path in packages if _is_public(path)]
    if not public:
        raise ReleaseError(f"{folder} holds no public edition: no {DATA_PACKAGE} below it describes one.")
    problems = []
    for path in public:
        messages, is_sound = verify_folder(path, key)
        if not is_sound:
            problems += [f"{path}: {fill(message, arguments, 'en')}" for message, arguments in messages]
    if problems:
        raise ReleaseError("\n".join([*problems, "No edition was taken in."]))
    return sorted((_Found(path, read_shown_edition(path)) for path in public), key=lambda one: _number(one.edition))


def _is_public(folder: Path) -> bool:
    try:
        return bool(json.loads(read_regular(folder / DATA_PACKAGE))["edition"] == "public")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{folder / DATA_PACKAGE} cannot be read ({error}). No edition was taken in.") from error


def _number(edition: ShownEdition) -> int:
    text = edition.version
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST_NUMBER))):
        raise ReleaseError(f"A public edition has the number {printable(text[:80])!r}. No edition was taken in.")
    return int(text)


def _versions(found: Sequence[_Found]) -> list[str]:
    return [part.edition.version for part in found]
