"""Writers at once: real processes that ingest and publish into one warehouse, of which one waits or says so."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from crowds.judgement import Judgement
from crowds.ledgers import differing, reconciles
from crowds.submissions import write_submission
from crowds.watch import Ended, Running, run
from warehouse.releases.catalogue import current_number, list_releases, verify_release
from warehouse.storage.permissions import PRIVATE_FILE
from warehouse.storage.settings import Settings

PART = "writers"
IMPATIENT = {"SARAI_LOCK_TIMEOUT_S": "1"}
BUSY = "Another run writes to"


def try_writers(folder: Path) -> list[Judgement]:
    """Try two ingests of different files and of one inbox, an impatient one, and an ingest against a publication."""
    sent = [write_submission(folder / "sent", country, "2024-01", 1, bad_rows=1) for country in ("KAZ", "KGZ")]
    serial = folder / "serial"
    for path in sent:
        run(serial, "ingest", str(path))
    waits, says, inbox = folder / "waits", folder / "says", folder / "inbox-twice"
    judgements = [_both(waits, serial, [["ingest", str(path)] for path in sent], "two ingests of different files")]
    for path in sent:
        write_submission(Settings(home=inbox).inbox, path.parent.name, "2024-01", 1, bad_rows=1)
    judgements += [_both(inbox, serial, [["ingest"]] * 2, "two ingests of one inbox")]
    return [*judgements, *_impatient(says, serial, sent), *_against_publication(waits, folder)]


def _both(home: Path, serial: Path, commands: Sequence[Sequence[str]], asked: str) -> Judgement:
    """Start both in the same moment."""
    begin = time.monotonic()
    ended = [running.wait() for running in [Running(home, command) for command in commands]]
    statuses = [one.status for one in ended]
    others = differing(home, serial)
    # Each ends with status 1 for the bad row that it took in; one that came too late for anything new with 0.
    taken = ["0 new" not in one.said for one in ended]
    is_right = statuses == [int(each) for each in taken] and not any("Traceback" in one.said for one in ended)
    holds = is_right and not others and reconciles(home)
    told = f"statuses {statuses}, {time.monotonic() - begin:.0f} s, unlike one after the other: {others or 'nothing'}"
    return Judgement(PART, f"{asked}: one waits, nothing differs", told, holds)


def _impatient(home: Path, serial: Path, sent: Sequence[Path]) -> list[Judgement]:
    """Start the second while the first holds the lock: it waits a second, says so, and is run again."""
    refused, first = _while_locked(home, ["ingest", str(sent[0])], ["ingest", str(sent[1])], IMPATIENT)
    words = next((line for line in refused.said.splitlines() if BUSY in line), "nothing")
    again = run(home, "ingest", str(sent[1]))
    others = differing(home, serial)
    return [
        Judgement(PART, "an ingest that may not wait says so", f"status {refused.status}: {words}",
                  refused.status == 1 and words != "nothing"),
        Judgement(PART, "the other and a second try are right",
                  f"statuses {first.status} and {again.status}, different: {others or 'nothing'}",
                  {first.status, again.status} <= {0, 1} and not others and reconciles(home)),
    ]  # fmt: skip


def _against_publication(home: Path, folder: Path) -> list[Judgement]:
    """Ingest while a publication runs, and publish while an ingest runs; the releases are whole."""
    run(home, "publish")
    one, other = (write_submission(folder / "more", "UZB", month, 2) for month in ("2024-02", "2024-03"))
    ingested, published = _while_locked(home, ["publish"], ["ingest", str(one)])
    late, early = _while_locked(home, ["ingest", str(other)], ["publish"])
    statuses = [ended.status for ended in (ingested, published, late, early)]
    settings = Settings(home=home)
    damage = [line for release in list_releases(settings) for line in verify_release(release)]
    number = current_number(settings)
    told = f"statuses {statuses}, release {number}, damage: {damage or 'none'}"
    return [Judgement(PART, "ingest and publication at once", told,
                      statuses == [0] * 4 and number == 2 and not damage and reconciles(home))]  # fmt: skip


def _while_locked(
    home: Path, first: Sequence[str], second: Sequence[str], settings: Mapping[str, str] | None = None
) -> tuple[Ended, Ended]:
    """Start the second command as soon as the first holds the lock; returns how the second and the first ended."""
    holding = Running(home, first)
    while holding.process.poll() is None and not _is_locked(home):
        time.sleep(0.1)
    ended = run(home, *second, settings=settings)
    return ended, holding.wait()


def _is_locked(home: Path) -> bool:
    path = Settings(home=home).lock
    if path.exists():
        with suppress(Timeout), FileLock(path, timeout=0, mode=PRIVATE_FILE):
            return False
        return True
    return False
