"""What was proven once is proven while the bytes are the same: the sha256 of the working database is kept for that.

It is kept outside ``SARAI_HOME``, in the cache of the user who runs Sarai, so that whoever may write to the warehouse
cannot say of it that it was proven. There is one for each warehouse, of the file as the last run left it that had
proven it, or had found it proven and let nobody write to it meanwhile. A version of Sarai that differs in anything
believes no other.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.storage.continuity import FileState, Watch, file_state, log_of, watched
from warehouse.storage.durable import file_sha256, replacing
from warehouse.storage.settings import Settings
from warehouse.storage.sources import sources_version

# State of a database file → its sha256: a command looks for something new, and its flow begins with the same file.
_digests: dict[FileState, str] = {}


class Proof:
    """Whether ledger, typed rows, codelists, forecasts and marts are known to be as the chain says."""

    def __init__(self, watch: Watch, *, is_made: bool) -> None:
        """Take the watch over the database file, and whether the file was proven when that began."""
        self._watch = watch
        self._is_made = is_made

    @property
    def holds(self) -> bool:
        """Whether the database was proven, and none but this process has written to it since."""
        return self._is_made and not self._watch.is_broken

    def make(self) -> None:
        """Note that everything was compared with the chain just now."""
        self._is_made = True


@contextmanager
def keeping_proof(settings: Settings, *, anew: bool = False) -> Iterator[Proof]:
    """Yield whether the database is proven, and keep that it is when nothing is raised inside.

    ``anew`` believes nothing that was kept. The caller holds the writer's lock, and has the database closed before and
    after: to read an open file here would take from DuckDB its lock on it.
    """
    kept = None if anew else _read(settings)
    with watched(settings.database) as watch:
        proof = Proof(watch, is_made=kept is not None and kept == _digest(settings))
        yield proof
        if proof.holds and (digest := _digest(settings)) != kept:
            _keep(settings, digest)


def _digest(settings: Settings) -> str | None:
    """Return a hash of our sources and of the database file; None where a part of it is still in the log."""
    if log_of(settings.database).exists() or not settings.database.is_file():
        return None
    state = file_state(settings.database)
    if state not in _digests:
        _digests.clear()
        _digests[state] = file_sha256(settings.database)
    return hashlib.sha256(f"{sources_version(settings.dbt_project)} {_digests[state]}".encode()).hexdigest()


def _read(settings: Settings) -> str | None:
    try:
        return _place(settings).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _keep(settings: Settings, digest: str | None) -> None:
    """Keep a digest; without a cache that takes it, the next run proves everything again."""
    place = _place(settings)
    with suppress(OSError):
        if digest is None:
            place.unlink(missing_ok=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        with replacing(place) as draft:
            draft.write_text(digest, encoding="utf-8")


def _place(settings: Settings) -> Path:
    return settings.cache / "proven" / hashlib.sha256(str(settings.root).encode()).hexdigest()[:32]
