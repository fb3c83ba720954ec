"""Landing in bulk: DuckDB reads a plain CSV file and writes its records, at many times the speed of one row at a time.

What comes out is what warehouse.intake.records makes of the same rows. SQL passes the rows that are certainly records;
all others are shown to it, and if it takes any of them for something else, nothing is landed here.
"""

import csv
import resource
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import orjson

from warehouse.files.plain_csv import plain_text
from warehouse.files.sheet import CsvSource
from warehouse.intake.records import are_records, extra_heading, total_words
from warehouse.questionnaire.definition import Table
from warehouse.questionnaire.headings import OF_WHICH, Header, heading_key
from warehouse.sheets.sheet_scan import SheetScan
from warehouse.storage.reading import open_scratch
from warehouse.storage.sql import identifier, literal

MIN_BYTES = 250_000  # of a smaller file all rows are read before DuckDB would have been loaded
MAX_WIDTH = 500
_MEMORY_RATIO = 64  # the memory of this process by the bytes of a file that surely fits in
_BATCH = 10_000

# In an extra column: a control character, or what may say that the row is a total or a part.
_UNUSUAL = rf"[\x00-\x1f]|(?i:итого|всего|total|{OF_WHICH})"
_MARK = "\ufeff"  # DuckDB skips it before the first row
_DIGITS = "0123456789"
_SIMPLE = f"{_DIGITS}{string.ascii_letters}{''.join(map(chr, range(ord('А'), ord('я') + 1)))}Ёё"


@dataclass(frozen=True)
class _Lines:
    """The lines below a header: their number of cells, and which of these (from 0) are extra, under which headings.

    ``codelists`` is the folder of the seeds.
    """

    text: str
    delimiter: str
    header: Header
    width: int
    extra: Mapping[int, str]
    codelists: Path

    @property
    def columns(self) -> list[str]:
        return [f"c{column}" for column in range(self.width)]

    @property
    def unnamed(self) -> list[int]:
        """Columns without a heading, in which a cell is to be remarked upon."""
        return [column for column in self.extra if column not in self.header.extra]


def suits_bulk(source: CsvSource) -> bool:
    """Tell whether a file is large enough for DuckDB to be loaded, and small enough for the memory of this process."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    count = source.path.stat().st_size
    return count >= MIN_BYTES and (limit == resource.RLIM_INFINITY or count <= limit // _MEMORY_RATIO)


def land_in_bulk(
    scan: SheetScan, submission_id: str, path: Path, limits: tuple[int, int], codelists: Path
) -> int | None:
    """Write the records of a sheet with a CSV source to a Parquet file; returns how many they are.

    None, and no file, if anything about the text is unusual, or if a row or all of them may be longer than ``limits``:
    the rows are then to be read one at a time. The columns are those of a raw table, and ``seen``, which is not landed.
    """
    try:
        lines = _lines(scan, codelists)
        if lines is None or not _are_within(lines, limits):
            return None
        copy = path.with_suffix(".txt")
        copy.write_bytes(lines.text.encode())
        count = _write_records(lines, scan, submission_id, copy, path)
    except (duckdb.Error, MemoryError):
        count = None
    path.with_suffix(".txt").unlink(missing_ok=True)
    if count is None:
        path.unlink(missing_ok=True)
    return count


def canonical_rows(table: Table, paths: Sequence[Path]) -> str:
    """Return the query of the rows in canonical files of a table, all CSV or all Parquet; it guesses nothing.

    Left to detect the line ending, DuckDB takes a line break within the first cells of a file for one, and fails.
    """
    files = f"[{', '.join(literal(str(path)) for path in paths)}]"
    if paths[0].suffix == ".parquet":
        return f"select * exclude (seen) from read_parquet({files})"
    names = ["submission_id", "sheet", "source_row", *(field.name for field in table.fields), "extra"]
    columns = ", ".join(f"'{name}': '{'bigint' if name == 'source_row' else 'varchar'}'" for name in names)
    return f"""
        select * replace (coalesce(sheet, '') as sheet)
        from read_csv(
            {files}, columns = {{{columns}}}, header = false, auto_detect = false, delim = ',', quote = '"',
            escape = '"', new_line = '\\n', strict_mode = true, max_line_size = 67108864, buffer_size = 134217728
        )
    """


def _lines(scan: SheetScan, codelists: Path) -> _Lines | None:
    header, source = scan.header, scan.sheet.source
    text = plain_text(source) if source and header else None
    if text is None or header is None or source is None:
        return None
    start = 0
    for _ in range(header.index + 1):
        start = text.find("\n", start) + 1 or len(text)
    first = text[start : text.find("\n", start) + 1 or len(text)]
    width = len(next(csv.reader([first], delimiter=source.delimiter), ()))
    extra = {c: extra_heading(header.extra, c) for c in range(width) if c not in header.columns}
    is_usual = 1 < width <= MAX_WIDTH and len(set(extra.values())) == len(extra) and not first.startswith(_MARK)
    return _Lines(text[start:], source.delimiter, header, width, extra, codelists) if is_usual else None


def _are_within(lines: _Lines, limits: tuple[int, int]) -> bool:
    """Tell whether the records surely hold no more characters than ``limits`` allow to one and to all of them."""
    of_row, of_all = limits
    if lines.extra:  # JSON doubles quotation marks and backslashes, and names the heading in every row
        headings = sum(2 * len(_json(heading)) + 4 for heading in lines.extra.values())
        longest = 2 * max(map(len, lines.text.split("\n"))) + headings
        return longest <= of_row and 2 * len(lines.text) + headings * (lines.text.count("\n") + 1) <= of_all
    return len(lines.text) <= of_all


def _json(text: str) -> str:
    return orjson.dumps(text).decode()


def _write_records(lines: _Lines, scan: SheetScan, submission_id: str, source: Path, target: Path) -> int | None:
    database, header = open_scratch(), lines.header
    places = {name: f"c{column}" for column, name in header.columns.items() if column < lines.width}
    fields = [f"{places.get(f.name, 'null::varchar')} as {identifier(f.name)}" for f in header.table.fields]
    quote = '"' if '"' in lines.text else ""
    kinds = ", ".join(f"'{column}': 'varchar'" for column in lines.columns)
    written = database.execute(
        f"""
        copy (
            select
                {literal(submission_id)} as submission_id, {literal(scan.sheet.name)} as sheet,
                number + {header.index + scan.sheet.first_row} as source_row, {", ".join(fields)},
                {_extra(lines)} as extra,
                case when not coalesce({_is_record(lines)}, false) then [{", ".join(lines.columns)}] end as seen
            from (
                select *, row_number() over () as number
                from read_csv(
                    {literal(str(source))}, columns = {{{kinds}}}, header = false, auto_detect = false,
                    delim = {literal(lines.delimiter)}, quote = '{quote}', escape = '{quote}', new_line = '\\n',
                    strict_mode = true, parallel = false
                )
            )
            where coalesce({", ".join(lines.columns)}) is not null
        ) to {literal(str(target))} (format parquet)
        """
    ).fetchone()
    return int(written[0]) if written and written[0] and _all_are_records(lines, target) else None


def _all_are_records(lines: _Lines, target: Path) -> bool:
    """Show the rows of which SQL was not certain to the rules of records."""
    seen = open_scratch().execute(f"select seen from read_parquet({literal(str(target))}) where seen is not null")
    while rows := [[cell or "" for cell in cells] for (cells,) in seen.fetchmany(_BATCH)]:
        for row in rows:
            if any(row[column] and (not row[column].strip() or min(row[column]) < " ") for column in lines.extra):
                return False
            if any(row[column] for column in lines.unnamed):
                return False
        if not are_records(rows, lines.header, lines.codelists):
            return False
    return True


def _is_record(lines: _Lines) -> str:
    """Return the SQL of a row that is certainly a record, null or false of any other.

    It begins with a letter or digit and not like a total; it has a second filled cell; and it is no header, as one of
    its cells begins with a digit. What is in an extra column is surely not blank and no total; what is in a column
    without heading is blank.
    """
    if _has_headings_with_digits(lines.header.table):
        return "false"
    has_digit = " or ".join(f"({column} >= '0' and {column} < ':')" for column in lines.columns)
    has_second = " or ".join(_is_filled(column) for column in lines.columns[1:])
    parts = [f"regexp_matches(c0, {literal(_begins_no_total(lines.codelists))})", has_digit, has_second]
    parts += [
        f"c{column} is null or {_is_filled(f'c{column}')} and not regexp_matches(c{column}, '{_UNUSUAL}')"
        for column in lines.extra
    ]
    parts += [f"c{column} is null" for column in lines.unnamed]
    return " and ".join(f"coalesce({part}, false)" for part in parts)


@cache
def _has_headings_with_digits(table: Table) -> bool:
    keys = (heading_key(heading) for field in table.fields for heading in field.headings)
    return any(key.startswith(tuple(_DIGITS)) for key in keys)


def _is_filled(column: str) -> str:
    """Return the SQL of a cell that begins with a visible character of ASCII or a Cyrillic letter."""
    return f"({column} >= '!' and {column} < chr(127) or {column} >= 'Ѐ' and {column} < 'Ԁ')"


@cache
def _begins_no_total(codelists: Path) -> str:
    """Return the pattern of what begins with a simple letter or digit, and surely not like a row of totals."""
    seconds: dict[str, str] = {}  # the first letters of words of totals, in either case, with those that follow them
    for word in total_words(codelists):
        for first in word[0] + word[0].upper():
            seconds[first] = seconds.get(first, "") + word[1] + word[1].upper()
    others = "".join(f"|[{first}](?:[{_without(second)}]|$)" for first, second in seconds.items() if first in _SIMPLE)
    return f"^(?:[{_without(''.join(seconds))}]{others})"


def _without(letters: str) -> str:
    return "".join(letter for letter in _SIMPLE if letter not in letters)


def _extra(lines: _Lines) -> str:
    """Return the SQL of the JSON object of the extra columns, null if none of them is filled."""
    pairs = [
        f"case when c{column} is not null then {literal(_json(heading) + ':')} || to_json(c{column})::varchar end"
        for column, heading in lines.extra.items()
    ]
    return f"'{{' || nullif(concat_ws(',', {', '.join(pairs)}), '') || '}}'" if pairs else "null::varchar"
