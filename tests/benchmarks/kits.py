"""Kits: what each takes of the demo and of a million seizures, in CPU seconds and memory, for who sees most.

    make demo && PYTHONPATH=tests/benchmarks:tests/inputs .venv/bin/python tests/benchmarks/kits.py

The release is that of SARAI_HOME, once as it is and once with its seizures repeated up to a million. Each kit is made
for the centre, that of SDMX for the public, by a command of its own, which imports and opens everything anew.
"""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from commands import cost_of, link_home, restate
from demo_release import demo_release
from serving import ROWS, grow

from flows.commands.kits import TOOLS
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

# CPU seconds of all kits together, and megabytes of each.
DEMO_LIMIT_S, LIMIT_S, LIMIT_MB = 30, 120, 2_000


def main() -> None:
    """Print a line for each kit and their sum, of both releases; exit status 1 where a target is missed."""
    settings = Settings()
    release = demo_release(settings)
    with tempfile.TemporaryDirectory(prefix="sarai-kits-") as folder:
        small, large = Path(folder) / "demo", Path(folder) / "million"
        link_home(small, settings)
        with ProcessPoolExecutor(1) as process:  # what this process held at most would be the least of its children
            process.submit(grow_in, large, release).result()
        is_missed = [make_all("the demo", small, DEMO_LIMIT_S), make_all(f"{ROWS:,} seizures", large, LIMIT_S)]
    sys.exit(any(is_missed))


def grow_in(home: Path, release: Release) -> None:
    """Put a release with many seizures, its public edition and its data package into a new home."""
    path = home / "releases" / str(release.number)
    path.mkdir(parents=True)
    grow(release, path)
    (path / "public").symlink_to(release.public.absolute())
    restate(path)
    (home / "releases" / "current").symlink_to(path.name)


def make_all(name: str, home: Path, limit_s: float) -> bool:
    """Make every kit of the release of a home and print what each took; returns whether a target is missed."""
    print(f"{'kits of ' + name:<36}{'CPU s':>8}{'MB':>8}")
    spent = [cost_of(home, "kit", tool, *_reader(tool)) for tool in TOOLS]
    for tool, (seconds, peak) in zip(TOOLS, spent, strict=True):
        print(f"{tool:<36}{seconds:>8.1f}{peak:>8,.0f}")
    total, most = sum(seconds for seconds, _ in spent), max(peak for _, peak in spent)
    print(f"{'all (targets ' + f'{limit_s} s, {LIMIT_MB:,} MB)':<36}{total:>8.1f}{most:>8,.0f}\n", flush=True)
    return total > limit_s or most > LIMIT_MB


def _reader(tool: str) -> list[str]:
    return ["--public"] if tool == "sdmx" else ["--for", "centre"]


if __name__ == "__main__":
    main()
