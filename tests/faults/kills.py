"""Points at which a run is killed: before a change to a file, or at a moment of a step, each drawn with a seed."""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

# Steps in the order in which they run; the switch is the part of the release in which `current` changes.
OF_INGEST = ("receive", "land", "stage", "check", "decide", "answer")
STEPS = (*OF_INGEST, "build", "check marts", "release", "switch")
_CHANGES = ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.symlink", "os.chmod", "shutil.rmtree")


@dataclass(frozen=True)
class Point:
    """Kill before the n-th change of a file, or when a share of the usual time of a step has passed."""

    step: str
    change: int | None = None
    share: float | None = None

    def __str__(self) -> str:
        """Return the point in words, for the table of results."""
        return f"change {self.change}" if self.share is None else f"{self.share:.0%} of its time"


@dataclass
class Trace:
    """What an undisturbed run did: the step of each change of a file, and the seconds of each step."""

    changes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def draw(trace: Trace, count: int, seed: int) -> list[Point]:
    """Draw points, as even as can be over the steps: half before changes of files, half at moments."""
    chance = random.Random(seed)
    places = {step: [number for number, own in enumerate(trace.changes) if own == step] for step in STEPS}
    points: dict[Point, None] = {}
    for step in cycle(STEPS):
        if len(points) == count:
            break
        left = [number for number in places[step] if Point(step, change=number) not in points]
        if step in trace.seconds and (not left or chance.random() < 1 / 2):
            points[Point(step, share=round(chance.random(), 3))] = None
        elif left:  # else every change of a step that has no time of its own is drawn
            points[Point(step, change=chance.choice(left))] = None
    return list(points)


class Watch:
    """Watches a run in this process: traces it, or kills it at a point."""

    def __init__(self, home: Path, point: Point | None = None, usual: Trace | None = None, passed: int = 0) -> None:
        """Take the folder whose changes count; with a point, the trace of an undisturbed run says what is usual.

        ``passed`` is the number of changes that the trace counted before this run.
        """
        self.home, self.point, self.usual, self.passed = str(home), point, usual or Trace(), passed
        self.trace, self.step = Trace(), "before"

    def install(self) -> None:
        """Wrap the tasks of both flows, so that their beginnings are known, and hear of every change of a file."""
        import flows.ingest
        import flows.publish

        for name in OF_INGEST:
            self._wrap(getattr(flows.ingest, name), name)
        for name, step in (("build", "build"), ("check", "check marts"), ("release", "release")):
            self._wrap(getattr(flows.publish, name), step)
        sys.addaudithook(self._hear)

    def _wrap(self, task: Any, step: str) -> None:
        function: Callable[..., Any] = task.fn

        def timed(*arguments: Any, **keywords: Any) -> Any:
            with self._during(step):
                return function(*arguments, **keywords)

        task.fn = timed

    @contextmanager
    def _during(self, step: str) -> Iterator[None]:
        self.step = step
        if self.point and self.point.step == step and self.point.share is not None:
            timer = threading.Timer(self.point.share * self.usual.seconds[step], _kill)
            timer.daemon = True
            timer.start()
        begin = time.perf_counter()
        yield
        self.trace.seconds[step] = time.perf_counter() - begin

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _CHANGES or (event == "open" and not _writes(arguments)):
            return
        paths = [str(part) for part in arguments[:2] if isinstance(part, str | bytes | os.PathLike)]
        if not any(path.startswith(self.home) and "/logs/" not in path for path in paths):
            return
        step = "switch" if self.step == "release" and any("/.new-" in path for path in paths) else self.step
        if self.point and self.point.change == self.passed + len(self.trace.changes):
            _kill()
        self.trace.changes.append(step)


def _writes(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = (*arguments, None, None)[:3]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
