"""Try crowds on real processes: ``python tests/crowds/run.py --help``.

Ends with status 1 when anything did not hold. Peaks of memory are those that the kernel noted for each process.
"""

import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crowds.judgement import Judgement, print_table
from crowds.many import try_many
from crowds.million import try_million
from crowds.readers import try_readers
from crowds.soak import try_soak
from crowds.writers import try_writers

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = ("readers", "writers", "files", "rows", "cycles")


@click.command()
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Try these and not all.")
@click.option("--publications", default=6, show_default=True, help="Releases made while readers ask.")
@click.option("--files", default=500, show_default=True, help="Files of one run.")
@click.option("--rows", default=1_000_000, show_default=True, help="Rows of one file.")
@click.option("--cycles", default=200, show_default=True, help="Cycles in one process.")
def main(parts: tuple[str, ...], publications: int, files: int, rows: int, cycles: int) -> None:
    """Try many readers, writers, files, rows and cycles, and print what was measured."""
    tried: list[Judgement] = []
    with tempfile.TemporaryDirectory(prefix="crowds-", ignore_cleanup_errors=True) as folder:
        trials: dict[str, Callable[[Path], list[Judgement]]] = {
            "readers": partial(try_readers, publications=publications),
            "writers": try_writers,
            "files": partial(try_many, count=files),
            "rows": partial(try_million, count=rows),
            "cycles": partial(try_soak, cycles=cycles),
        }
        for part in parts or PARTS:
            begin = time.monotonic()
            place = Path(folder) / part
            place.mkdir()
            judgements = trials[part](place)
            print_table(judgements)
            print(f"{part}: {time.monotonic() - begin:.0f} s", flush=True)
            tried += judgements
    failed = sum(not one.holds for one in tried)
    print(f"{len(tried)} judgements, {failed} failed")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
