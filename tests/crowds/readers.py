"""Readers while releases are made: each answer is that of one release, none fails, and none stops the writer."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from crowds.judgement import Judgement
from crowds.ledgers import reconciles
from crowds.submissions import write_submission
from crowds.watch import run
from warehouse.storage.settings import Settings

PART = "readers"
# One answer of several marts: of two releases mixed it would be that of neither.
QUESTION = """
    select (select count(*) from fct_seizures) as seizures, (select round(sum(quantity_kg), 6) from fct_seizures) as kg,
    (select count(*) from rpt_submissions) as parts,
    (select round(sum(quantity_kg), 6) from rpt_seizures_by_month) as months
"""
PUBLIC_QUESTION = """
    select count(*) as lines, round(sum(quantity_kg_without_duplicates), 6) as kg,
    (select count(*) from rpt_coverage_by_month) as months
    from rpt_seizures_by_month
"""
# Each asks until the file `stop` is there, and writes a line of JSON for each answer or failure.
KINDS = ("file", "file", "query", "query --public")


def try_readers(folder: Path, publications: int) -> list[Judgement]:
    """Publish again and again, with new figures each time, while four readers ask."""
    home = folder / "readers"
    settings = Settings(home=home)
    _arrive(settings, 0)
    ended = [run(home, "ingest"), run(home, "publish")]
    outputs = [folder / f"reader-{number}.json" for number in range(len(KINDS))]
    readers = [
        subprocess.Popen([sys.executable, __file__, kind, str(home), str(output), str(folder / "stop")])
        for kind, output in zip(KINDS, outputs, strict=True)
    ]
    begin = time.monotonic()
    for number in range(1, publications + 1):
        _arrive(settings, number)
        ended += [run(home, "ingest"), run(home, "publish")]
    seconds = time.monotonic() - begin
    _await_answers(outputs, readers)
    (folder / "stop").touch()
    failed = sum(reader.wait() != 0 for reader in readers)
    releases = sorted(int(path.name) for path in settings.releases.iterdir() if path.name.isdigit())
    statuses = {one.status for one in ended}
    return [
        Judgement(PART, f"{publications} publications with new figures beside them",
                  f"statuses {statuses}, releases {releases[0]} to {releases[-1]}, {seconds:.0f} s",
                  statuses == {0} and len(releases) == publications + 1),
        *_judge(settings, outputs, releases),
        Judgement(PART, "no reader ends badly", f"{failed} of {len(readers)}", failed == 0),
        Judgement(PART, "reconcile finds nothing", "", reconciles(home)),
    ]  # fmt: skip


def _arrive(settings: Settings, number: int) -> None:
    write_submission(settings.inbox, "KAZ", "2024-01", number, rows=5 + number)
    write_submission(settings.inbox, "TJK", f"2024-{number % 12 + 1:02d}", number)


def _await_answers(outputs: list[Path], readers: list[subprocess.Popen[bytes]]) -> None:
    """Wait until each reader has asked and answered anew, and so of the last release."""
    before = [path.stat().st_size for path in outputs]
    for size, path, reader in zip(before, outputs, readers, strict=True):
        while reader.poll() is None and path.read_bytes()[size:].count(b"\n") < 2:
            time.sleep(0.1)


def _judge(settings: Settings, outputs: list[Path], releases: list[int]) -> Iterator[Judgement]:
    """Compare each answer with those of the releases, asked now one after the other."""
    folders = [settings.releases / str(number) for number in releases]
    told = {
        QUESTION: [_ask(folder / "marts.duckdb", QUESTION) for folder in folders],
        PUBLIC_QUESTION: [_ask(folder / "public" / "marts.duckdb", PUBLIC_QUESTION) for folder in folders],
    }
    yield Judgement(PART, "no two releases have one answer", str(told[QUESTION]),
                    len({str(answer) for answer in told[QUESTION]}) == len(releases))  # fmt: skip
    for kind, output in zip(KINDS, outputs, strict=True):
        known = told[PUBLIC_QUESTION if "public" in kind else QUESTION]
        said = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
        # Two releases may say the same to the public; a later answer is of the same release or of a later one.
        places = [[at for at, answer in enumerate(known) if answer == one] for one in said]
        strange = sum(not found for found in places)
        seen = {found[0] for found in places if found}
        firsts = [found[0] for found in places if found]
        yield Judgement(
            PART, f"{kind}: each answer is of one release, and none goes back",
            f"{len(said)} answers, {len(seen)} of {len(releases)} releases seen, strange {strange}",
            bool(said) and not strange and firsts == sorted(firsts) and len(seen) > 1,
        )  # fmt: skip


def _ask(path: Path, question: str) -> list[object]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return list(connection.execute(question).fetchone() or ())


def _read(kind: str, home: Path, output: Path, stop: Path) -> None:
    """Ask until told to stop."""
    with output.open("w", encoding="utf-8") as file:
        while not stop.exists():
            file.write(json.dumps(_answer(kind, home)) + "\n")
            file.flush()
            time.sleep(0.2)


def _answer(kind: str, home: Path) -> list[object] | str:
    question = PUBLIC_QUESTION if "public" in kind else QUESTION
    if kind == "file":
        return _ask(home / "releases" / "current" / "marts.duckdb", question)
    ended = run(home, *kind.split(), question)
    if ended.status:
        return ended.said
    return [int(cell) if cell.isdigit() else float(cell) for cell in ended.said.splitlines()[-1].split()]


if __name__ == "__main__":
    _read(sys.argv[1], *map(Path, sys.argv[2:5]))
