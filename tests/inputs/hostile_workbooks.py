"""Hostile and broken workbooks."""

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial

from hostile_files import GOOD, Case, Row, bad_rows, lying, odd, refused, warned, wrong, zipped

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADINGS = ("Date", "Drug", "Quantity", "Unit")
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'lol'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY a9 SYSTEM 'file:///etc/hostname'>]>"
QUANTITY = '<c r="C2"><v>1</v></c>'


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row_xml(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def sheet_xml(date: str = text_cell("A2", "2024-05-01"), quantity: str = QUANTITY, more: str = "", reach: str = "A1:D2",
              drug: str = "heroin") -> str:  # fmt: skip
    head = row_xml(1, "".join(text_cell(f"{'ABCD'[at]}1", text) for at, text in enumerate(HEADINGS)))
    body = row_xml(2, date + text_cell("B2", drug) + quantity + text_cell("D2", "kg"))
    return f'<worksheet xmlns="{MAIN}"><dimension ref="{reach}"/><sheetData>{head}{body}{more}</sheetData></worksheet>'


def workbook_xml(*sheets: str, properties: str = "") -> str:
    return f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{properties}<sheets>{"".join(sheets)}</sheets></workbook>'


def sheet_entry(number: int = 1, name: str = "Seizures", state: str = "visible") -> str:
    return f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'


def relations_xml(*targets: str, kind: str = "worksheet", mode: str = "") -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{LINKS}/{kind}" Target="{target}"{mode}/>'
        for number, target in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1">'
    '<border/></borders><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


def parts(sheet: str = "", **others: str) -> list[tuple[str, bytes]]:
    """Parts of a sound workbook with this sheet; others take the place of those that it has."""
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relations_xml("xl/workbook.xml", kind="officeDocument"),
        BOOK: others.get("book", workbook_xml(sheet_entry())),
        RELATIONS: others.get("relations", relations_xml("worksheets/sheet1.xml")),
        "xl/styles.xml": STYLES,
        STRINGS: others.get("strings", f'<sst xmlns="{MAIN}"><si><t>шт</t></si></sst>'),
        SHEET: sheet or sheet_xml(),
    }
    return [(name, text.encode()) for name, text in texts.items()]


def book(sheet: str = "", **others: str) -> bytes:
    return zipped(parts(sheet, **others))


def beside(*more: tuple[str, bytes | Iterator[bytes]]) -> bytes:
    return zipped([*parts(), *more])


def without(name: str) -> bytes:
    return zipped((part, content) for part, content in parts() if part != name)


def moved(old: str, new: str) -> bytes:
    return zipped((new if part == old else part, content) for part, content in parts())


def cut(share: float) -> Callable[[], bytes]:
    return lambda: book()[: int(len(book()) * share)]


def flipped(name: str) -> bytes:
    """Flip a bit in the middle of the packed bytes of a part."""
    packed = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        info = archive.getinfo(name)
    packed[info.header_offset + 30 + len(name) + info.compress_size // 2] ^= 16
    return bytes(packed)


def changed(packed: bytes, old: bytes, new: bytes) -> bytes:
    assert old in packed
    return packed.replace(old, new)


def with_password() -> bytes:
    """Set the flag of a password on every part."""
    packed = bytearray(book())
    for signature, flag_at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = packed.find(signature)
        while at >= 0:
            packed[at + flag_at] |= 1
            at = packed.find(signature, at + 4)
    return bytes(packed)


def strings_of(megabytes: int) -> Iterator[bytes]:
    block = b"<si><t>aaaaaaaa</t></si>" * 41_667
    yield from (block for _ in range(megabytes))


def styled_cells() -> bytes:
    """1.5 million cells without a value, a kilobyte each if they were kept, in a reach of 13 million."""
    first, last = sheet_xml(reach="A1:Z500002").encode().split(b"</sheetData>")
    letters = [chr(65 + at) for at in range(26)]

    def row(number: int) -> str:
        return row_xml(number, "".join(f'<c r="{letter}{number}" s="1"/>' for letter in letters))

    def xml() -> Iterator[bytes]:
        yield first
        for start in range(3, 60_003, 1000):
            yield "".join(map(row, range(start, start + 1000))).encode()
        yield row(500_002).encode() + b"</sheetData>" + last

    return zipped([*((name, content) for name, content in parts() if name != SHEET), (SHEET, xml())])


def many_sheets(count: int) -> bytes:
    entries = [sheet_entry(number, f"S{number}") for number in range(1, count + 1)]
    targets = ["worksheets/sheet1.xml"] * count
    return book(book=workbook_xml(*entries), relations=relations_xml(*targets))


def merged_down(text: str, rows: int) -> str:
    lines = "".join(row_xml(n, f'<c r="C{n}"><v>{n}</v></c>') for n in range(3, rows + 3))
    merged = f'<mergeCells count="1"><mergeCell ref="B2:B{rows + 2}"/></mergeCells>'
    return sheet_xml(more=lines, reach=f"A1:D{rows + 2}", drug=text).replace("</worksheet>", f"{merged}</worksheet>")


def quantity(cell: str) -> bytes:
    return book(sheet_xml(quantity=cell))


def dated(serial: str, *, since_1904: bool = False) -> bytes:
    properties = '<workbookPr date1904="1"/>' if since_1904 else ""
    date = f'<c r="A2" s="1"><v>{serial}</v></c>'
    return book(sheet_xml(date), book=workbook_xml(sheet_entry(), properties=properties))


def with_quantity(text: str) -> Row:
    return ("2", "2024-05-01", "heroin", text, "kg")


def unread_quantity(name: str, make: Callable[[], bytes], text: str) -> Case:
    """A quantity that stays as it is, is said to be no number, and keeps its row from being counted."""
    return bad_rows(name, "xlsx", make, wrong("value_unreadable", 2, f'"{text}" is not a number'),
                    rows=[with_quantity(text)], accepted=0)  # fmt: skip


TWO = workbook_xml(sheet_entry(), sheet_entry(2, "SEIZURES"))
SECOND = relations_xml("worksheets/sheet1.xml", "worksheets/sheet1.xml")
REF = '<c r="C2" t="e"><v>#REF!</v></c>'
DAMAGED = "the workbook is damaged, cut off or protected"
MEMORY = "it needs more memory than a report can"
TWICE = "is packed in it twice"

BOMBS = [
    refused(
        "650MB_of_strings",
        "xlsx",
        lambda: lying(beside(("xl/more.xml", strings_of(1))), "xl/more.xml", 650_000_000),
        "the workbook takes 65",
    ),
    refused(
        "size_that_lies", "xlsx", lambda: lying(beside(("xl/more.xml", strings_of(64))), "xl/more.xml", 1000), DAMAGED
    ),
    refused("strings_that_lie", "xlsx", lambda: lying(book(strings="x" * 9_000_000), STRINGS, 100), DAMAGED),
    refused("sheet_that_lies", "xlsx", lambda: lying(book(), SHEET, 300), DAMAGED),
    odd("sheet_that_boasts", "xlsx", lambda: lying(book(), SHEET, 90_000)),
    refused("4GB_declared", "xlsx", lambda: lying(book(), SHEET, 4_000_000_000), "the workbook takes 4000 MB"),
    refused("zip_in_zip", "xlsx", lambda: zipped([("a.zip", zipped([("b.zip", bytes(1_000_000))]))]), "no workbook"),
    odd("1500000_styled_cells", "xlsx", styled_cells),
    odd("5000_pictures", "xlsx", lambda: beside(*((f"xl/media/{n}.png", b"") for n in range(5000)))),
    refused(
        "stray_cell",
        "xlsx",
        lambda: book(sheet_xml(more=row_xml(1048576, text_cell("XFD1048576", "x")), reach="A1:XFD1048576")),
        'sheet "Seizures" reaches to row 1048576 and column 16384',
    ),
    refused(
        "stray_cell_hidden",
        "xlsx",
        lambda: book(sheet_xml(more=row_xml(1048576, text_cell("XFD1048576", "x")))),
        MEMORY,
    ),
    refused("cell_beyond_any_sheet", "xlsx", lambda: quantity('<c r="A99999999999"><v>1</v></c>'), MEMORY),
    odd(
        "stray_format",
        "xlsx",
        lambda: book(sheet_xml(more=row_xml(1048576, '<c r="XFD1048576" s="1"/>'), reach="A1:XFD1048576")),
    ),
    refused("laughs_in_workbook", "xlsx", lambda: book(book=LAUGHS + workbook_xml(sheet_entry(name="&a9;"))), DAMAGED),
    refused("laughs_in_sheet", "xlsx", lambda: book(LAUGHS + sheet_xml(drug="&a9;")), DAMAGED),
    refused(
        "laughs_in_strings",
        "xlsx",
        lambda: zipped(
            [
                *parts(
                    sheet_xml(quantity='<c r="C2" t="s"><v>0</v></c>'),
                    strings=f'{LAUGHS}<sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>',
                )
            ]
        ),
        DAMAGED,
    ),
    refused("laughs_in_relations", "xlsx", lambda: book(relations=LAUGHS + relations_xml("&a9;")), DAMAGED),
    refused(
        "entity_of_a_file_in_workbook",
        "xlsx",
        lambda: book(book=OUTSIDE + workbook_xml(sheet_entry(name="&a9;"))),
        DAMAGED,
    ),
    refused("entity_of_a_file_in_sheet", "xlsx", lambda: book(OUTSIDE + sheet_xml(drug="&a9;")), DAMAGED),
    refused(
        "entity_of_a_file_in_strings",
        "xlsx",
        lambda: book(
            sheet_xml(quantity='<c r="C2" t="s"><v>0</v></c>'),
            strings=f'{OUTSIDE}<sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>',
        ),
        DAMAGED,
    ),
    refused("600_sheets", "xlsx", lambda: many_sheets(600), "it has 600 sheets or lists"),
    refused("cell_of_5M_letters", "xlsx", lambda: book(sheet_xml(drug="x" * 5_000_000)), "row 2 holds more text"),
    refused("merged_text", "xlsx", lambda: book(merged_down("x" * 600_000, 600)), "it holds more text than a report"),
]

BROKEN = [
    *(refused(f"cut_at_{share}", "xlsx", cut(share), DAMAGED) for share in (0.02, 0.3, 0.6, 0.9, 0.99)),
    refused("signature_alone", "xlsx", b"PK\3\4", DAMAGED),
    refused("no_directory", "xlsx", lambda: b"PK\3\4" + bytes(4000), DAMAGED),
    *(
        refused(f"bit_flipped_{at}", "xlsx", partial(flipped, name), DAMAGED)
        for at, name in enumerate((SHEET, STRINGS, BOOK, RELATIONS, "xl/styles.xml"))
    ),
    refused("name_flipped", "xlsx", lambda: changed(book(), b"sheet1.xmlPK", b"sheet2.xmlPK"), DAMAGED),
    refused("password_of_zip", "xlsx", with_password, DAMAGED),
    refused("password_of_excel", "xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), DAMAGED),
    refused("part_twice", "xlsx", lambda: zipped([*parts(), (SHEET, sheet_xml(drug="opium").encode())]), TWICE),
    refused("part_twice_in_capitals", "xlsx", lambda: beside((SHEET.upper(), sheet_xml(drug="opium").encode())), TWICE),
    refused("part_twice_backslash", "xlsx", lambda: beside((SHEET.replace("/", "\\"), b"<x/>")), TWICE),
    refused("strings_twice", "xlsx", lambda: beside((STRINGS, b"<x/>")), TWICE),
    refused("sheet_name_twice", "xlsx", lambda: book(book=TWO, relations=SECOND), 'two sheets are called "seizures"'),
    refused("row_twice", "xlsx", lambda: book(sheet_xml(more=row_xml(2, text_cell("B2", "opium")))), "has row 2 twice"),
    refused("no_sheet", "xlsx", lambda: without(SHEET), DAMAGED),
    refused("no_relations", "xlsx", lambda: without(RELATIONS), DAMAGED),
    refused("no_workbook", "xlsx", lambda: without(BOOK), "no workbook (XLSX)"),
    refused("target_outside", "xlsx", lambda: book(relations=relations_xml("../../../../etc/hostname")), DAMAGED),
    refused(
        "target_on_disk",
        "xlsx",
        lambda: book(relations=relations_xml("file:///etc/hostname", mode=' TargetMode="External"')),
        DAMAGED,
    ),
    refused("xml_cut", "xlsx", lambda: book(sheet_xml()[:-40]), DAMAGED),
    refused("xml_of_noise", "xlsx", lambda: book("".join(map(chr, range(1, 127)))), "no table", "table_unknown"),
    refused("formula_with_nul", "xlsx", lambda: quantity('<c r="C2"><f>1+\0 1</f><v></v></c>'), DAMAGED),
    refused("word_document", "docx", lambda: zipped([("word/document.xml", b"<x/>")]), "no workbook (XLSX)"),
    refused("calc_document", "ods", lambda: zipped([("content.xml", b"<x/>")]), "no workbook (XLSX)"),
    refused("binary_workbook", "xlsb", lambda: zipped([("xl/workbook.bin", b"x")]), DAMAGED),
    refused(
        "chart_alone",
        "xlsx",
        lambda: book(relations=relations_xml("worksheets/sheet1.xml", kind="chartsheet")),
        "no table",
        "table_unknown",
    ),
    refused(
        "sheet_empty",
        "xlsx",
        lambda: book(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'),
        "no table",
        "table_unknown",
    ),
    refused("bytes_before", "xlsx", lambda: b"MZ" + book(), "a byte that is no letter"),
]

ODD = [
    odd("bytes_behind", "xlsx", lambda: book() + bytes(100)),
    odd("stored", "xlsx", lambda: zipped(parts(), zipfile.ZIP_STORED)),
    odd("part_in_other_case", "xlsx", lambda: moved(SHEET, "xl/Worksheets/Sheet1.XML")),
    odd("names_that_climb", "xlsx", lambda: beside(("../../evil.sh", b"x"), ("/etc/evil", b"x"), ("C:\\evil", b"x"))),
    odd("macro", "xlsm", lambda: beside(("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()"))),
    odd("external_link", "xlsx", lambda: quantity("<c r=\"C2\"><f>'[1]Stock'!$A$1</f><v>1</v></c>")),
    odd("dde", "xlsx", lambda: quantity("<c r=\"C2\"><f>cmd|' /C calc'!A0</f><v>1</v></c>")),
    odd(
        "hidden_sheet",
        "xlsx",
        lambda: book(book=workbook_xml(sheet_entry(state="hidden"))),
        warned("sheet_hidden", None, 'the sheet "Seizures" is hidden'),
    ),
    odd(
        "very_hidden_sheet",
        "xlsx",
        lambda: book(book=workbook_xml(sheet_entry(state="veryHidden"))),
        warned("sheet_hidden", None, 'the sheet "Seizures" is hidden'),
    ),
    odd(
        "headings_alone",
        "xlsx",
        lambda: book(
            sheet_xml().replace('<row r="2">', '<row r="2" hidden="1"/><!--').replace("</sheetData>", "--></sheetData>")
        ),
        rows=(),
    ),
    odd("date_1904", "xlsx", lambda: dated("43951", since_1904=True), rows=[("2", "2024-05-01", "heroin", "1", "kg")]),
    odd("formula_of_text", "xlsx", lambda: quantity('<c r="C2" t="str"><f>1&amp;""</f><v>1</v></c>')),
    odd(
        "boolean",
        "xlsx",
        lambda: book(
            sheet_xml(
                more=row_xml(3, '<c r="F3" t="b"><v>1</v></c>')
                .replace("</row>", "")
                .replace(
                    '<row r="3">',
                    '<row r="3">'
                    + text_cell("A3", "2024-05-02")
                    + text_cell("B3", "opium")
                    + '<c r="C3"><v>2</v></c>'
                    + text_cell("D3", "kg"),
                )
                + "</row>"
            )
        ),
        rows=[GOOD, ("3", "2024-05-02", "opium", "2", "kg")],
        extra="",
    ),
    unread_quantity("error_cell", lambda: quantity(REF), "#REF!"),
    unread_quantity("error_cell_apostrophes", lambda: quantity(REF.replace('"', "'")), "#REF!"),
    unread_quantity("error_cell_comment", lambda: quantity(REF.replace("<v>", "<!-- x --><v>")), "#REF!"),
    unread_quantity("error_cell_cdata", lambda: quantity(REF.replace("#REF!", "<![CDATA[#REF!]]>")), "#REF!"),
    unread_quantity("error_cell_spaces", lambda: quantity(REF.replace('t="e"', 't = "e"')), "#REF!"),
    unread_quantity("error_cell_no_reference", lambda: quantity(REF.replace(' r="C2"', "")), "#REF!"),
    unread_quantity("error_cell_other_order", lambda: quantity('<c t="e" s="0" r="C2"><v>#REF!</v></c>'), "#REF!"),
    unread_quantity(
        "error_cell_in_other_case",
        lambda: zipped((n.replace("sheets/s", "Sheets/S"), c) for n, c in parts(sheet_xml(quantity=REF))),
        "#REF!",
    ),
    unread_quantity("error_cell_empty", lambda: quantity('<c r="C2" t="e"><v/></c>'), "#ERROR!"),
    unread_quantity("formula_not_calculated", lambda: quantity('<c r="C2"><f>SUM(1;2)</f></c>'), "=SUM(1;2)"),
    unread_quantity("formula_apostrophes", lambda: quantity("<c r='C2'><f>1 = 1</f><v></v></c>"), "=1 = 1"),
    unread_quantity("nan", lambda: quantity('<c r="C2"><v>NaN</v></c>'), "NaN"),
    unread_quantity("infinity", lambda: quantity('<c r="C2"><v>1e999</v></c>'), "Infinity"),
]

CASES = [*BOMBS, *BROKEN, *ODD]
