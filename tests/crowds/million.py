"""A file of a million rows, generated here with invented figures: good, filled down, wholly bad, as a workbook."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from settled_files import settle

from crowds.judgement import Judgement
from crowds.ledgers import count_rows, reconciles
from crowds.submissions import HEADINGS
from crowds.watch import Ended, run
from warehouse.storage.settings import Settings

PART = "large file"
# What docs/operating.md and SECURITY.md promise. Marts take what they are given, SARAI_MEMORY_LIMIT, before they spill.
MAX_COMMAND_MB = 2_500
MAX_PUBLISH_MB = 5_000
MAX_READER_MB = 400
# A workbook is held whole by its reader, which may take SARAI_READER_MEMORY_MB.
MAX_WORKBOOK_READER_MB = 4_096
WORKBOOK_ROWS = 1_048_575  # that Excel can hold, below the headings
_DRUGS = ("Heroin", "Opium", "Hashish", "Methamphetamine")
_PLACES = ("Almaty", "Шымкент", "Тараз", "Актау")

Row = tuple[str, str, str, str, str, str]


def good(count: int) -> Iterator[Row]:
    """Yield rows without an error."""
    for n in range(count):
        yield f"R-{n:07d}", f"2024-01-{n % 31 + 1:02d}", _DRUGS[n % 4], str(n % 9000 + 1), "g", _PLACES[n // 7 % 4]


def copied(count: int) -> Iterator[Row]:
    """Yield one row again and again, under record numbers of its own: what a spreadsheet fills down."""
    for n in range(count):
        yield f"R-{n:07d}", "2024-01-05", "Heroin", "1", "kg", "Almaty"


def bad(count: int) -> Iterator[Row]:
    """Yield rows of which each has an unknown drug and a quantity that is no number."""
    for n in range(count):
        yield f"R-{n:07d}", f"2024-01-{n % 31 + 1:02d}", f"drug {n}", f"some {n}", "g", "Almaty"


def write_text(path: Path, rows: Iterator[Row]) -> None:
    """Write a csv file."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS + "\n")
        file.writelines(";".join(row) + "\n" for row in rows)


def write_workbook(path: Path, rows: Iterator[Row]) -> None:
    """Write a workbook with one sheet, without holding it."""
    import xlsxwriter  # type: ignore[import-untyped]

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Seizures")
        for number, cells in enumerate(itertools.chain([HEADINGS.split(";")], rows)):
            sheet.write_row(number, 0, cells)


def try_million(folder: Path, count: int) -> list[Judgement]:
    """Ingest files of ``count`` rows, each into a warehouse of its own; what is accepted is published."""
    judgements = _try_good(folder / "good", "good", good(count), count)
    judgements += _try_good(folder / "copied", "copied", copied(count), count)
    judgements += _try_bad(folder / "bad", count)
    return judgements + _try_workbook(folder / "workbook", min(count, WORKBOOK_ROWS))


def _try_good(home: Path, name: str, rows: Iterator[Row], count: int) -> list[Judgement]:
    ended, found = _take_in(home, "KAZ_2024-01.csv", write_text, rows)
    expected = {"accepted": 1, "received": count, "accepted rows": count, "quarantined": 0}
    published = run(home, "publish")
    return [
        Judgement(PART, f"csv, {count} {name} rows: accepted", f"{found}, {ended.seconds:.0f} s",
                  ended.status == 0 and found == expected),
        _bounded(f"csv, {name}: ingest", ended),
        Judgement(PART, f"csv, {name}: a release is made", f"status {published.status}, {published.seconds:.0f} s",
                  published.status == 0),
        _bounded(f"csv, {name}: publish", published, max_command_mb=MAX_PUBLISH_MB),
        Judgement(PART, f"csv, {name}: reconcile finds nothing", "", reconciles(home)),
    ]  # fmt: skip


def _try_bad(home: Path, count: int) -> list[Judgement]:
    import orjson
    from openpyxl import load_workbook

    ended, found = _take_in(home, "KAZ_2024-01.csv", write_text, bad(count))
    expected = {"rejected": 1, "received": count, "accepted rows": 0, "quarantined": count}
    (path,) = Settings(home=home).feedback.rglob("answer.json")
    answer = orjson.loads(path.read_bytes())
    (returned,) = path.parent.glob("return_*.xlsx")
    sheets = {sheet.title: sheet.max_row for sheet in load_workbook(returned).worksheets}
    sizes = ", ".join(f"{part.name} {part.stat().st_size / 1e6:.1f} MB" for part in sorted(path.parent.iterdir()))
    return [
        Judgement(PART, f"csv, {count} bad rows: rejected", f"{found}, {ended.seconds:.0f} s",
                  ended.status == 1 and found == expected),
        _bounded("csv, bad: ingest", ended),
        Judgement(PART, "csv, bad: answered", f"{len(answer['findings'])} findings, {sizes}",
                  answer["outcome"] == "rejected" and len(answer["findings"]) < count),
        Judgement(PART, "csv, bad: its workbook opens", str(sheets), bool(sheets)),
        Judgement(PART, "csv, bad: reconcile finds nothing", "", reconciles(home)),
    ]  # fmt: skip


def _try_workbook(home: Path, count: int) -> list[Judgement]:
    ended, found = _take_in(home, "KAZ_2024-01.xlsx", write_workbook, good(count))
    is_clear = found.get("accepted") == 1 if ended.status == 0 else ended.status == 1 and found.get("rejected") == 1
    return [
        Judgement(PART, f"xlsx, {count} good rows: accepted, or refused in words", f"{found}, {ended.seconds:.0f} s",
                  is_clear),
        _bounded("xlsx: ingest", ended, max_reader_mb=MAX_WORKBOOK_READER_MB),
    ]  # fmt: skip


def _take_in(
    home: Path, name: str, write: Callable[[Path, Iterator[Row]], None], rows: Iterator[Row]
) -> tuple[Ended, dict[str, int]]:
    path = Settings(home=home).inbox / "KAZ" / name
    path.parent.mkdir(parents=True)
    write(path, rows)
    settle(path)
    ended = run(home, "ingest")
    return ended, count_rows(home)


def _bounded(
    asked: str, ended: Ended, *, max_command_mb: float = MAX_COMMAND_MB, max_reader_mb: float = MAX_READER_MB
) -> Judgement:
    holds = ended.command_mb < max_command_mb and ended.reader_mb < max_reader_mb
    return Judgement(
        PART, f"{asked} stays below {max_command_mb:.0f} MB, its reader below {max_reader_mb:.0f}",
        f"peaks {ended.command_mb:.0f} and {ended.reader_mb:.0f} MB", holds,
    )  # fmt: skip
