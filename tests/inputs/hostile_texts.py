"""Hostile and broken text files: CSV in every state, and what calls itself CSV."""

import gzip
from collections.abc import Callable

from hostile_files import GOOD, HEAD, LINE, Case, Row, Told, bad_rows, odd, refused, warned, wrong

SECOND: Row = ("3", "2024-05-02", "opium", "2", "kg")
TWO_LINES = f"{LINE}2024-05-02;opium;2;kg\n"
RUSSIAN = "Дата изъятия;Наркотик;Количество;Единица измерения\n2024-05-01;героин;1;кг\n"
IN_RUSSIAN: Row = ("2", "2024-05-01", "героин", "1", "кг")
NO_TABLE = "no table of the questionnaire was recognised"
QUOTES = "the quotation marks are broken"
NO_LETTER = "stands a byte that is no letter in"


def unknown(name: str, content: bytes | Callable[[], bytes], ending: str = "csv") -> Case:
    return refused(name, ending, content, NO_TABLE, "table_unknown")


def no_file(name: str, content: bytes | Callable[[], bytes], words: str, ending: str = "csv") -> Case:
    return refused(name, ending, content, words)


def read(name: str, text: str | bytes, *told: Told, rows: tuple[Row, ...] = (GOOD,), **cells: str) -> Case:
    return odd(name, "csv", text.encode() if isinstance(text, str) else text, *told, rows=rows, **cells)


TOO_LONG = warned("text_too_long", 2, "is longer than 300 characters")


def not_filled(row: int) -> tuple[Told, Told]:
    """Findings about a row of one cell: it has neither drug nor quantity."""
    return (wrong("value_missing", row, "Drug or substance"), wrong("value_missing", row, "Quantity"))


def misread(text: str) -> str:
    return text.encode().decode("cp1251")


def beside(cell: str, heading: str = "Place") -> str:
    return f"Date;Drug;Quantity;Unit;{heading}\n2024-05-01;heroin;1;kg;{cell}\n"


EMPTY = [
    no_file("empty", b"", "the file is empty"),
    no_file("mark_alone", b"\xef\xbb\xbf", "the file is empty"),
    no_file("blank", b" \r\n\t\r\n" * 100, "the file is empty"),
    no_file("nul_alone", bytes(100_000), "the file is empty"),
    read("headings_alone", HEAD, rows=()),
    read("headings_alone_no_end", HEAD.strip(), rows=()),
    read("headings_and_empty_rows", HEAD + ";;;\n" * 1000, rows=()),
    unknown("separators_alone", b";;;\n" * 1000),
    unknown("one_word", b"seizures"),
    unknown("rows_without_headings", TWO_LINES.encode() * 3),
    unknown("headings_too_deep", b"x\n" * 45 + (HEAD + LINE).encode()),
    Case(
        "KAZ/KAZ_2024-05_column_missing.csv",
        b"Date;Drug;Quantity\n2024-05-01;heroin;1\n",
        (wrong("column_missing", None, "Unit"),),
    ),
    Case(
        "KAZ/KAZ_2024-05_heading_homoglyph.csv",
        "Date;Drug;Quаntity;Unit\n2024-05-01;heroin;1;kg\n".encode(),
        (wrong("column_missing", None, "some of its letters only look so"),),
    ),
]

FOREIGN = [
    no_file("page", b"<html><body><table>", "web page or XML"),
    no_file("laughs", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "web page or XML"),
    no_file("pdf", b"%PDF-1.7\n" + bytes(range(256)), "the file is a PDF"),
    no_file("rtf", b"{\\rtf1\\ansi x}", "text document (RTF)"),
    no_file("old_workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged, cut off or protected", "xls"),
    unknown("gzip", gzip.compress((HEAD + LINE).encode(), mtime=0), "csv.gz"),
    unknown("rar", b"Rar!\x1a\x07\x01\x00" + bytes(200), "rar"),
    unknown("seven_zip", b"7z\xbc\xaf\x27\x1c" + bytes(200), "7z"),
    unknown("picture", b"\x89PNG\r\n\x1a\n" + bytes(200), "png"),
    unknown("program", b"MZ\x90\0\3\0\0\0" + bytes(200), "exe"),
    no_file("elf", b"\x7fELF\2\1\1" + bytes(200), NO_LETTER),
    unknown("sqlite", b"SQLite format 3\0" + bytes(200), "db"),
    unknown("parquet", b"PAR1" + bytes(200) + b"PAR1", "parquet"),
    unknown("shell", b"#!/bin/sh\nrm -rf /\n"),
    unknown("sql", b"drop table raw.seizures;\ndelete from raw.submissions;\n"),
    unknown("letter", "Изъятий было много, таблица в приложении.\n".encode()),
]

ENCODED = [
    *(
        odd(f"in_{encoding}", "csv", RUSSIAN.encode(encoding), rows=[IN_RUSSIAN])
        for encoding in (
            "utf-8",
            "utf-8-sig",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "cp1251",
            "cp866",
            "koi8-r",
        )
    ),
    no_file("utf_16_cut", RUSSIAN.encode("utf-16")[:-1], NO_LETTER),
    no_file("utf_16_half_a_letter", RUSSIAN.encode("utf-16") + b"\x00\xd8a\x00", NO_LETTER),
    unknown("utf_7", RUSSIAN.encode("utf-7")),
    unknown("ebcdic", (HEAD + LINE).encode("cp037")),
    no_file("cut_in_a_letter", (RUSSIAN + "2024-05-02;опий").encode()[:-1], f"after row 2 {NO_LETTER} utf-8"),
    no_file("utf_8_and_cp1251", RUSSIAN.encode() + "2024-05-02;опий;2;кг\n".encode("cp1251"), NO_LETTER),
    bad_rows(
        "cp1251_and_utf_8",
        "csv",
        RUSSIAN.encode("cp1251") * 3 + "2024-05-02;опий;2;г\n".encode(),
        warned("header_repeated", 3, "headings"),
        warned("header_repeated", 5, "headings"),
        warned("row_repeated", 4, "repeats row 2"),
        warned("row_repeated", 6, "repeats row"),
        wrong("code_unknown", 7, misread("опий")),
        wrong("code_unknown", 7, misread("г")),
        rows=[
            IN_RUSSIAN,
            ("4", *IN_RUSSIAN[1:]),
            ("6", *IN_RUSSIAN[1:]),
            ("7", "2024-05-02", misread("опий"), "2", misread("г")),
        ],
        accepted=3,
    ),
    read(
        "mark_twice",
        b"\xef\xbb\xbf\xef\xbb\xbf" + f"x;{HEAD}1;{LINE}".encode(),
        warned("column_unknown", None, "kept but not read: \\ufeffx"),
        extra='{"\ufeffx":"1"}',
    ),
    read(
        "decomposed",
        "Дата изъятия;Наркотик;Количество;Единица измерения\n2024-05-01;кокаин;1;кг\n".replace("й", "и\u0306"),
        rows=(("2", "2024-05-01", "кокаин", "1", "кг"),),
    ),
]

SHAPES = [
    read("short_row", f"{beside('')}2024-05-02;opium;2;kg\n", rows=(GOOD, SECOND)),
    read("long_row", f"{HEAD}2024-05-01;heroin;1;kg;more;;more\n", extra='{"column 5":"more","column 7":"more"}'),
    read("separators_at_the_end", f"{HEAD}2024-05-01;heroin;1;kg;;;;;\n"),
    read("empty_rows_between", f"{HEAD}\n;;;\n{LINE}", rows=(("4", *GOOD[1:]),)),
    read("old_line_ends", (HEAD + TWO_LINES).replace("\n", "\r"), rows=(GOOD, SECOND)),
    read(
        "mixed_line_ends",
        "Date;Drug;Quantity;Unit\r\n2024-05-01;heroin;1;kg\r2024-05-02;opium;2;kg\n",
        rows=(GOOD, SECOND),
    ),
    read("no_line_end", (HEAD + LINE).strip()),
    read("tabs", (HEAD + LINE).replace(";", "\t")),
    read("bars", (HEAD + LINE).replace(";", "|")),
    read("commas", (HEAD + LINE).replace(";", ",")),
    unknown("tildes", (HEAD + LINE).replace(";", "~").encode()),
    unknown("spaces_between", (HEAD + LINE).replace(";", "  ").encode()),
    read("separator_said", f"sep=;\n{HEAD}{LINE}", rows=(("3", *GOOD[1:]),)),
    bad_rows(
        "commas_below_semicolons",
        "csv",
        f"{HEAD}2024-05-01,heroin,1,kg\n".encode(),
        *not_filled(2),
        wrong("value_unreadable", 2, '"2024-05-01,heroin,1,kg" is not a date'),
        rows=[("2", "2024-05-01,heroin,1,kg", "", "", "")],
        accepted=0,
    ),
    read("all_quoted", 'Date;Drug;Quantity;Unit\n"2024-05-01";"heroin";"1";"kg"\n'),
    read("line_end_in_quotes", beside('"a\r\nb;""c"""'), place='a\r\nb;"c"'),
    no_file("quote_open", f'{HEAD}2024-05-01;"heroin;1;kg\n{LINE}'.encode(), f"in row 2 {QUOTES}"),
    no_file("quotes_in_quotes_open", (HEAD + LINE + '"a""b;' * 60 + '"\n').encode(), f"in row 3 {QUOTES}"),
    no_file("quote_goes_on_and_open", f'{HEAD}2024-05-01;"her"oin;"1;kg\n'.encode(), f"in row 2 {QUOTES}"),
    bad_rows(
        "quote_in_the_middle",
        "csv",
        f'{HEAD}2024-05-01;"her"oin;1;kg\n{LINE}'.encode(),
        wrong("code_unknown", 2, '"her"oin'),
        warned("quotes_within", 2, "goes on behind its quotation marks"),
        rows=[("2", "2024-05-01", '"her"oin', "1", "kg"), ("3", *GOOD[1:])],
        accepted=1,
    ),
    no_file(
        "quote_open_for_3_MB",
        f'{HEAD}2024-05-01;"{LINE * 130_000}'.encode,
        "a cell of row 2 holds more than 1000000",
    ),
    no_file(
        "line_of_20_MB", lambda: (HEAD + LINE).encode() + b"x" * 20_000_000, "a cell of row 3 holds more than 1000000"
    ),
    no_file("line_of_2M_cells", lambda: HEAD.encode() + b"x;" * 2_000_000, "row 2 has 2000001 cells"),
    no_file("cell_of_2_MB", lambda: beside("x" * 2_000_000).encode(), "a cell of row 2 holds more than"),
    odd("cell_of_900_KB", "csv", lambda: beside("x" * 900_000).encode(), TOO_LONG, place="x" * 900_000),
    odd(
        "heading_of_900_KB_of_spaces",
        "csv",
        lambda: beside("", "a" + " " * 900_000 + "b").encode(),
        warned("column_unknown", None, "kept but not read: a  "),
    ),
    odd(
        "heading_of_900_KB_of_brackets",
        "csv",
        lambda: beside("", "(" * 900_000).encode(),
        warned("column_unknown", None, "kept but not read: (("),
    ),
    no_file(
        "heading_repeated_in_every_row",
        lambda: beside("x", "h" * 900_000).encode() + (LINE.strip() + ";x\n").encode() * 600,
        "it holds more text than a report",
    ),
    odd(
        "3000_columns",
        "csv",
        lambda: ";".join(["Date", "Drug", "Quantity", "Unit", *[""] * 3000]).encode() + b"\n" + LINE.encode(),
    ),
    no_file("30000_totals", lambda: HEAD.encode() + b"Total;;1;kg\n" * 30_000, "more than 20000 of its lines"),
    read("total", f"{HEAD}{LINE}Total;;1;kg\n", warned("total_row", 3, "is a total")),
    read("headings_again", f"{HEAD}{LINE}{HEAD}", warned("header_repeated", 3, "the headings stand here again")),
    read("note", f"{HEAD}{LINE}# secret;;;\n", warned("note", 3, "stands alone below the table")),
    read(
        "column_twice",
        f"Date;Drug;Quantity;Unit;Drug\n{LINE.strip()};opium\n",
        warned("column_repeated", None, 'a second column, "Drug", answers the same'),
        extra='{"Drug":"opium"}',
    ),
    Case(
        "KAZ/KAZ_2024-05_two_tables.csv",
        f"Drug;Date;Quantity;Unit\n{GOOD[2]};{GOOD[1]};7;{GOOD[4]}\n\n{HEAD}{LINE}".encode(),
        (warned("table_further", None, "begins in row 4, column A"),),
        (("2", *GOOD[1:3], "7", GOOD[4]), ("5", *GOOD[1:])),
        2,
    ),
]

LETTERS = [
    read("nul_in_a_cell", beside("a\0b"), place="a\u2400b"),
    no_file("nul_behind_few_rows", (HEAD + LINE).encode() + bytes(5000), NO_LETTER),
    bad_rows(
        "nul_behind_many_rows",
        "csv",
        (HEAD + "".join(f"2024-05-01;heroin;{n};kg\n" for n in range(1, 31))).encode() + bytes(50),
        *not_filled(32),
        wrong("value_unreadable", 32, "is not a date"),
        rows=[
            *((str(n + 1), "2024-05-01", "heroin", str(n), "kg") for n in range(1, 31)),
            ("32", "\u2400" * 50, "", "", ""),
        ],
        accepted=30,
    ),
    read("formula", beside('=HYPERLINK("http://x"&A1)'.replace('"', "")), place="=HYPERLINK(http://x&A1)"),
    read("formula_of_a_command", beside("=cmd|' /C calc'!A0"), place="=cmd|' /C calc'!A0"),
    read("formula_plus", beside("+1+1"), place="+1+1"),
    read("formula_at", beside("@SUM(1)"), place="@SUM(1)"),
    read("script", beside("<script>alert(1)</script>"), place="<script>alert(1)</script>"),
    read("placeholders", beside("{value} %s {0} ${x} {{ this }}"), place="{value} %s {0} ${x} {{ this }}"),
    read(
        "sql_in_a_cell",
        beside("'); drop table raw.seizures; --".replace(";", "")),
        place="') drop table raw.seizures --",
    ),
    read("sql_quoted", beside('"\'; drop schema raw cascade; --"'), place="'; drop schema raw cascade; --"),
    read(
        "sql_comment",
        beside("/* */ union select * from raw.submissions"),
        place="/* */ union select * from raw.submissions",
    ),
    read("file_name", beside("read_csv('/etc/hostname')"), place="read_csv('/etc/hostname')"),
    read("control_signs", beside("a\x01\x07\x1b[31mb\x7f"), place="a\x01\x07\x1b[31mb\x7f"),
    read("turned_around", beside("a\u202etxt.exe"), place="a\u202etxt.exe"),
    read("no_width", beside("a\u200b\ufeffb"), place="a\u200b\ufeffb"),
    read("beyond_the_plane", beside("\U0001f4a3\U0010ffff"), place="\U0001f4a3\U0010ffff"),
    read("no_character", beside("\ufffe\uffff"), place="\ufffe\uffff"),
    read("line_separators", beside("a\u2028b\u2029c\x85d\x0be\x0cf"), place="a\u2028b\u2029c\x85d\x0be\x0cf"),
    read("marks_of_many", beside("e" + "\u0301" * 5000), TOO_LONG, place="e" + "\u0301" * 5000),
    read("backslashes", beside("C:\\temp\\new\\"), place="C:\\temp\\new\\"),
    read("null", beside("NULL"), place="NULL"),
    read("spaces_kept", beside("  a  "), place="  a  "),
]

CASES = [*EMPTY, *FOREIGN, *ENCODED, *SHAPES, *LETTERS]
