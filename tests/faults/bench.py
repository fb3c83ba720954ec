"""The bench of all trials: warehouses to start from, what undisturbed runs made of them, what a break has lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from faults.kills import OF_INGEST, Point, Trace, Watch
from faults.world import (
    copy_world,
    describe_ledger,
    describe_release,
    in_child,
    make_start,
    release,
    release_bytes,
    run,
    take_in,
)
from warehouse.releases.catalogue import current_number, list_releases, verify_release
from warehouse.storage.settings import Settings


class Bench:
    """Worlds ``start`` (files have arrived), ``taken in`` (they are ingested) and ``released``, below one folder.

    A trial of a step of ingest starts from the first, one of a step of publish from the second.
    """

    def __init__(self, folder: Path) -> None:
        """Make the worlds by undisturbed runs, watched."""
        self.folder, self.start, self.taken_in = folder, folder / "start", folder / "taken-in"
        self._need("start", make_start, self.start)
        settings = copy_world(self.start, self.taken_in)
        self._need("taken-in", self._watched, take_in, settings, [describe_ledger])
        published = copy_world(self.taken_in, folder / "released")
        self._need("released", self._watched, release, published, [describe_ledger, describe_release])
        parts = [self._read(f"{name}-trace") for name in ("taken-in", "released")]
        changes = [change for part in parts for change in part["changes"]]
        self.trace = Trace(changes, parts[0]["seconds"] | parts[1]["seconds"])
        self.first_of_publish = len(parts[0]["changes"])
        self.ledger, self.released = self._read("taken-in"), self._read("released")
        self.bytes_before = release_bytes(Settings(home=self.start))

    def output(self, name: str) -> Path:
        """Return the file that keeps what a child says."""
        return self.folder / f"{name}.log"

    def _need(self, name: str, work: Callable[..., None], *arguments: Any) -> None:
        if status := in_child(work, *arguments, output=self.output(name)):
            raise SystemExit(f"the {name} run ended with {status}:\n{self.output(name).read_text(encoding='utf-8')}")

    def _read(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        return content

    def _write(self, name: str, content: Any) -> None:
        (self.folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    def _watched(self, work: Callable[[Settings], None], settings: Settings, describe: list[Any]) -> None:
        watch = Watch(settings.root)
        watch.install()
        work(settings)
        self._write(f"{settings.root.name}-trace", vars(watch.trace))
        self._write(settings.root.name, {key: part for said in describe for key, part in said(settings).items()})

    def kill(self, point: Point, home: Path) -> tuple[Settings, str]:
        """Run the command of a point's step in a copy of its world and kill it there; returns how the run ended."""
        is_ingest = point.step in OF_INGEST
        settings = copy_world(self.start if is_ingest else self.taken_in, home)
        passed = 0 if is_ingest else self.first_of_publish
        watch = Watch(settings.root, point, self.trace, passed)

        def work() -> None:
            watch.install()
            (take_in if is_ingest else release)(settings)

        status = in_child(work, output=self.output(home.name))
        return settings, "killed" if status < 0 else f"ended with {status} before the moment came"

    def judge(self, settings: Settings, *, to_release: bool) -> list[str]:
        """Run again plainly, and return what was lost: nothing when all is as in the undisturbed run.

        Up to the release, or only up to the ledger and the typed rows, of which a release is made and nothing else.
        """
        name = settings.root.name
        lost = self._releases_harmed(settings)

        def again() -> None:
            (run if to_release else take_in)(settings)
            said = describe_ledger(settings) | (describe_release(settings) if to_release else {})
            self._write(f"{name}-again", said)

        if status := in_child(again, output=self.output(name)):
            words = self.output(name).read_text(encoding="utf-8").strip().splitlines()
            return [*lost, f"the run after it ended with {status}: {words[-1] if words else ''}"]
        expected, found = self.released if to_release else self.ledger, self._read(f"{name}-again")
        lost += [f"{key} differs" for key in sorted({*expected, *found}) if expected.get(key) != found.get(key)]
        return lost + self._releases_harmed(settings)

    def _releases_harmed(self, settings: Settings) -> list[str]:
        """Compare the releases that were there before the break, byte for byte, and verify all."""
        now = release_bytes(settings)
        harmed = [f"{path} changed" for path, digest in self.bytes_before.items() if now.get(path) != digest]
        for each in list_releases(settings):
            harmed += verify_release(each)
        return harmed if current_number(settings) else [*harmed, "no release is current"]
