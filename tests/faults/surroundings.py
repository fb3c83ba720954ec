"""Surroundings that break under a run: a full disk, a closed folder, a second writer, little memory, no Prefect."""

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from faults.world import in_child
from warehouse.storage.settings import Settings

NOBODY = 65534


class Trial(Protocol):
    """What a fault needs of the bench: a file for the words of a child."""

    def output(self, name: str) -> Path:
        """Return the file that keeps what a child says."""
        ...


Work = Callable[[Settings], None]
Fault = Callable[[Trial, Settings, Work], str]


def _say(status: int) -> str:
    return "ended well" if status == 0 else f"ended with {status}"


def _run(bench: Trial, settings: Settings, work: Work, before: Callable[[], None] = lambda: None) -> str:
    def broken() -> None:
        before()
        work(settings)

    return _say(in_child(broken, output=bench.output(settings.root.name)))


@contextmanager
def _small_disk(settings: Settings, free_bytes: int) -> Iterator[None]:
    """Lay the warehouse on a file system of its own with little space left, and back when the fault is over."""
    aside = settings.root.with_name(f"{settings.root.name}-aside")
    settings.root.rename(aside)
    settings.root.mkdir()
    used = sum(path.stat().st_blocks * 512 for path in aside.rglob("*") if not path.is_symlink())
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={used + free_bytes}", "tmpfs", str(settings.root)], check=True)
    try:
        shutil.copytree(aside, settings.root, symlinks=True, dirs_exist_ok=True)
        yield
        shutil.rmtree(aside)
        shutil.copytree(settings.root, aside, symlinks=True)
    finally:
        subprocess.run(["umount", "--lazy", str(settings.root)], check=True)
        settings.root.rmdir()
        aside.rename(settings.root)


def _fill_disk(free_bytes: int, bench: Trial, settings: Settings, work: Work) -> str:
    with _small_disk(settings, free_bytes):
        return _run(bench, settings, work)


def _limit_files(size: int, bench: Trial, settings: Settings, work: Work) -> str:
    """No file may grow above a size: what a quota does, and what the working database meets first."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return _run(bench, settings, work, limit)


def _remove_while_reading(name: str, bench: Trial, settings: Settings, work: Work) -> str:
    """A focal point takes a file back while it is received; it comes again before the next run."""
    path = settings.inbox / name
    content, status = path.read_bytes(), path.stat()

    def remove_soon() -> None:
        import flows.ingest

        task: Any = flows.ingest.receive
        receive = task.fn

        def receive_removed(*arguments: Any) -> Any:
            threading.Timer(0.05, path.unlink).start()
            return receive(*arguments)

        os.utime(path)  # as young as a file that is just being copied: receiving waits for it to settle
        task.fn = receive_removed

    ended = _run(bench, settings, work, remove_soon)
    path.write_bytes(content)
    os.utime(path, (status.st_atime, status.st_mtime))
    return ended


def _close_folder(name: str, bench: Trial, settings: Settings, work: Work) -> str:
    """The run has no right to write into a folder; it is another user, because root may write everywhere."""
    closed = settings.root / name
    for path in [settings.root, *settings.root.rglob("*"), bench.output(settings.root.name)]:
        if path.exists() and not path.is_symlink():
            os.chown(path, NOBODY, NOBODY)
    mode = closed.stat().st_mode
    closed.chmod(0o500)
    try:
        return _run(bench, settings, work, lambda: os.setuid(NOBODY))
    finally:
        closed.chmod(mode)


def _second_writer(bench: Trial, settings: Settings, work: Work) -> str:
    first = threading.Thread(target=in_child, args=[work, settings], kwargs={"output": bench.output("second writer")})
    first.start()
    ended = _run(bench, settings, work, lambda: time.sleep(0.5))
    first.join()
    return ended


def _little_memory(limit: str, bench: Trial, settings: Settings, work: Work) -> str:
    return _run(bench, settings, work, lambda: os.environ.update(SARAI_MEMORY_LIMIT=limit))


def _low_reader_limit(seconds: str, bench: Trial, settings: Settings, work: Work) -> str:
    """Files are refused that take their reader longer; the next run has the usual limit, and reads them again."""
    return _run(bench, settings, work, lambda: os.environ.update(SARAI_READER_TIMEOUT_S=seconds))


def _no_prefect(bench: Trial, settings: Settings, work: Work) -> str:
    """Nobody answers where the Prefect server should be."""

    def go_astray() -> None:
        from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

        with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES: 0}):
            work(settings)

    return _say(in_child(go_astray, output=bench.output(settings.root.name)))


def needs_root(group: str) -> bool:
    """Tell whether faults of this group need rights that this process lacks: to mount, and to become another user."""
    return group in ("disk full", "folder closed") and (os.geteuid() != 0 or not _may_mount())


def _may_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=False, capture_output=True)
        if mounted.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return mounted.returncode == 0


MIB = 1 << 20
SURROUNDINGS: tuple[tuple[str, str, Fault], ...] = (
    *(("disk full", f"{free} MiB left", partial(_fill_disk, free * MIB)) for free in (0, 1, 2, 4, 8, 16, 24, 32)),
    *(("no larger files", f"{size} MiB", partial(_limit_files, size * MIB)) for size in (1, 24, 30)),
    *(("file taken back", name, partial(_remove_while_reading, name)) for name in (
        "KAZ/KAZ_2024-01_again.csv", "KGZ/KGZ_2024-01.csv"
    )),
    *(("folder closed", name, partial(_close_folder, name)) for name in ("vault", "releases", "feedback", ".")),
    ("second writer", "at once", _second_writer),
    *(("little memory", limit, partial(_little_memory, limit)) for limit in ("5MB", "20MB", "40MB")),
    ("low reader limit", "0.05 s", partial(_low_reader_limit, "0.05")),
    ("no Prefect", "", _no_prefect),
)  # fmt: skip
