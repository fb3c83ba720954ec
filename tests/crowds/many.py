"""Many files in one run: every one answered, every row counted."""

from pathlib import Path

from settled_files import settle

from crowds.judgement import Judgement
from crowds.ledgers import count_rows, reconciles
from crowds.submissions import MEMBERS, write_submission
from crowds.watch import run
from warehouse.storage.settings import Settings

PART = "many files"
ROWS = 5
# Of a hundred files this many, spread evenly: one bad row of five is quarantined, two and more reject the file.
ONE_BAD, ALL_BAD, CUT_OFF = 10, 4, 2
MAX_COMMAND_MB = 1_000
MAX_READER_MB = 250


def try_many(folder: Path, count: int) -> list[Judgement]:
    """Ingest ``count`` files of five countries in one run."""
    home = folder / "many"
    kinds = [_write(Settings(home=home).inbox, number) for number in range(count)]
    ended = run(home, "ingest")
    found = count_rows(home)
    answers = sum(1 for _ in Settings(home=home).feedback.rglob("answer.json"))
    cut_off, all_bad, one_bad = (kinds.count(kind) for kind in ("cut off", "all bad", "one bad"))
    read = count - cut_off
    expected = {
        "accepted": read - all_bad,
        "rejected": all_bad + cut_off,
        "received": ROWS * read,
        "accepted rows": ROWS * (read - all_bad) - one_bad,
        "quarantined": ROWS * all_bad + one_bad,
    }
    held = ", ".join(f"{role} {mb:.0f} MB" for role, mb in sorted(ended.peaks.memory_mb.items()) if mb)
    files = ", ".join(f"{role} {number}" for role, number in sorted(ended.peaks.open_files.items()) if number)
    is_bounded = ended.command_mb < MAX_COMMAND_MB and ended.reader_mb < MAX_READER_MB
    return [
        Judgement(PART, f"{count} files end with status 1", f"status {ended.status}, {ended.seconds:.0f} s",
                  ended.status == 1),
        Judgement(PART, "each is answered", f"{answers} answers", answers == count),
        Judgement(PART, "each row is counted", str(found), found == expected),
        Judgement(PART, f"peaks below {MAX_COMMAND_MB} and {MAX_READER_MB} MB", held, is_bounded),
        Judgement(PART, "open files below 100", files, max(ended.peaks.open_files.values()) < 100),
        Judgement(PART, "reconcile finds nothing", "", reconciles(home)),
    ]  # fmt: skip


def _write(inbox: Path, number: int) -> str:
    """Write one file; returns its kind."""
    country, months = MEMBERS[number % len(MEMBERS)], number // len(MEMBERS)
    month = f"{2010 + months // 12}-{months % 12 + 1:02d}"
    place = number % 100
    if place % (100 // CUT_OFF) == 7:
        path = inbox / country / f"{country}_{month}_{number}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK\x03\x04 cut off " + str(number).encode())
        settle(path)
        return "cut off"
    kind = "all bad" if place % (100 // ALL_BAD) == 3 else "one bad" if place % (100 // ONE_BAD) == 1 else "good"
    write_submission(inbox, country, month, number, rows=ROWS, bad_rows={"all bad": ROWS, "one bad": 1}.get(kind, 0))
    return kind
