"""Commands run as an operator runs them, and what they take: seconds, memory of each process, open files."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_INTERVAL_S = 0.2
# What tells the processes of a command apart; the first that fits counts, the command itself is what is left.
_ROLES = {
    "flows.runs.server": "server",
    "multiprocessing.resource_tracker": "tracker",
    "multiprocessing.spawn": "reader",
}


@dataclass
class Peaks:
    """The most that each process of a command ever held, by its role: memory in MiB, and open files."""

    memory_mb: dict[str, float] = field(default_factory=dict)
    open_files: dict[str, int] = field(default_factory=dict)
    processes: int = 0


@dataclass(frozen=True)
class Ended:
    """A command that ended: status, words of both outputs, seconds, peaks."""

    status: int
    said: str
    seconds: float
    peaks: Peaks

    @property
    def command_mb(self) -> float:
        """Peak of the command's own process, MiB."""
        return self.peaks.memory_mb.get("command", 0)

    @property
    def reader_mb(self) -> float:
        """Peak of the largest reading process, MiB."""
        return self.peaks.memory_mb.get("reader", 0)


def clean_environment() -> dict[str, str]:
    """Return the variables of this process but those of Prefect and Sarai."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SARAI_"))}


class Running:
    """A `sarai` command in a process of its own, watched until it ends."""

    def __init__(self, home: Path, arguments: Sequence[str], settings: Mapping[str, str] | None = None) -> None:
        """Start it; ``settings`` are further variables of its environment."""
        environment = {**clean_environment(), "SARAI_HOME": str(home), **(settings or {})}
        self.begin, self.peaks = time.monotonic(), Peaks()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.commands.cli", *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )  # fmt: skip
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def wait(self) -> Ended:
        """Return how it ended."""
        said, _ = self.process.communicate()
        seconds = time.monotonic() - self.begin
        self._watcher.join()
        return Ended(self.process.returncode, said, seconds, self.peaks)

    def _watch(self) -> None:
        while self.process.poll() is None:
            tree = _tree(self.process.pid)
            self.peaks.processes = max(self.peaks.processes, len(tree))
            for pid in tree:
                role = "command" if pid == self.process.pid else _role(pid)
                memory, files = self.peaks.memory_mb, self.peaks.open_files
                memory[role] = max(memory.get(role, 0), memory_mb(pid, "VmHWM"))
                files[role] = max(files.get(role, 0), count_open_files(pid))
            time.sleep(_INTERVAL_S)


def run(home: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> Ended:
    """Run a `sarai` command to its end."""
    return Running(home, arguments, settings).wait()


def memory_mb(pid: int | str, name: str = "VmRSS") -> float:
    """Return a line of a process's status in MiB: what it holds now, or VmHWM, the most it ever held; 0 if it ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0)


def count_open_files(pid: int | str) -> int:
    """Return how many files, sockets and pipes a process has open; 0 if it ended."""
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0


def children_of(pid: int) -> list[int]:
    """Return the ids of the processes that a process has started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(OSError):  # it ended meanwhile
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _tree(root: int) -> list[int]:
    found = [root]
    for pid in found:
        found += children_of(pid)
    return found


def _role(pid: int) -> str:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "other"
    return next((role for words, role in _ROLES.items() if words in command), "other")
