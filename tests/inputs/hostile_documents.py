"""Hostile and broken JSON documents, and zips of csv files."""

import json
import zipfile
from collections.abc import Callable
from typing import Any

from hostile_files import GOOD, HEAD, LINE, Case, Told, lying, odd, refused, warned, zipped
from hostile_workbooks import changed

ROW = {"Date": "2024-05-01", "Drug": "heroin", "Quantity": 1, "Unit": "kg"}
FIRST = ("1", *GOOD[1:])
NO_JSON = "the file is not valid JSON"
NO_TABLE = "no table of the questionnaire was recognised"
DAMAGED = "the zip is damaged or protected"
TOO_LONG = warned("text_too_long", 1, "is longer than 300 characters")
EXPORTED = {"_id": 1, "_uuid": "u", "_submission_time": "2024-05-02", "meta/instanceID": "uuid:u"}


def no_json(name: str, text: str | bytes | Callable[[], bytes]) -> Case:
    return refused(name, "json", text.encode() if isinstance(text, str) else text, NO_JSON)


def unknown(name: str, text: str) -> Case:
    return refused(name, "json", text.encode(), NO_TABLE, "table_unknown")


def document(**answers: Any) -> str:
    return json.dumps([ROW | answers])


def read(name: str, text: str | Callable[[], bytes], *told: Told, **cells: str) -> Case:
    return odd(name, "json", text.encode() if isinstance(text, str) else text, *told, rows=[FIRST], **cells)


def raw(place: str) -> str:
    """A document in which the place is written as it stands here."""
    return f'[{{"Date":"2024-05-01","Drug":"heroin","Quantity":1,"Unit":"kg","Place":{place}}}]'


DOCUMENTS = [
    no_json("cut", document()[:-10]),
    no_json("cut_in_the_middle", document()[:30]),
    no_json("nan", raw("NaN")),
    no_json("infinity", raw("Infinity")),
    no_json("minus_infinity", raw("-Infinity")),
    no_json("1e999", raw("1e999")),
    no_json("integer_of_400_digits", raw("9" * 400)),
    no_json("half_a_letter", raw('"\\ud800"')),
    no_json("half_a_letter_in_a_key", '[{"\\udc00":1}]'),
    no_json("100000_lists", "[" * 100_000),
    no_json("1000000_objects", lambda: b'{"a":' * 1_000_000),
    no_json("2000_levels", lambda: raw("[" * 2000 + "]" * 2000).encode()),
    no_json("comma_at_the_end", '[{"Date":1},]'),
    no_json("comments", '[{"Date":1 /* x */}]'),
    no_json("apostrophes", "[{'Date':1}]"),
    no_json("two_documents", document() + document()),
    no_json("one_object_a_line", '{"Date":1}\n{"Date":2}\n'),
    no_json("control_sign", raw('"a\x01b"')),
    no_json("nul_between", '[{"Date":\0 1}]'),
    no_json("no_utf_8", b'[{"Date":"\xff\xfe\xfa"}]'),
    no_json("cp1251", raw('"Хорог"').encode("cp1251")),
    no_json("utf_16_cut", document().encode("utf-16")[:-1]),
    no_json("leading_zero", raw("007")),
    no_json("hexadecimal", raw("0x10")),
    refused("key_twice", "json", b'[{"Drug":"heroin","Drug":"opium"}]', 'the key "Drug" stands twice'),
    refused("list_twice", "json", b'{"seizures":[],"seizures":[]}', 'the key "seizures" stands twice'),
    refused("list_of_lists", "json", b'{"seizures":[["2024-05-01","heroin"]]}', "record 1 is no object"),
    refused("record_null", "json", f"[{json.dumps(ROW)},null]".encode(), "record 2 is no object"),
    refused("record_text", "json", f'[{json.dumps(ROW)},"x"]'.encode(), "record 2 is no object"),
    refused(
        "600_lists", "json", lambda: json.dumps({f"s{n}": [ROW] for n in range(600)}).encode(), "it has 600 sheets"
    ),
    refused("text_of_5_MB", "json", lambda: document(Place="x" * 5_000_000).encode(), "row 1 holds more text"),
    refused(
        "list_name_of_9_MB", "json", lambda: json.dumps({"n" * 9_000_000: [ROW]}).encode(), "row 1 holds more text"
    ),
    refused(
        "list_name_in_every_row",
        "json",
        lambda: json.dumps({"n" * 900_000: [ROW] * 600}).encode(),
        "it holds more text than a report",
    ),
    unknown("empty_list", "[ {} ]"),
    unknown("no_records", "[ [ ] ]"[1:-1]),
    unknown("empty_object", "{ }"),
    unknown("levels_500", '[{"a":' + "[" * 500 + "]" * 500 + "}]"),
    unknown("prototype", '{"__proto__":{"x":1},"constructor":[{"y":2}]}'),
    read("levels_300_beside", raw("[" * 300 + "]" * 300), TOO_LONG, place="[" * 300 + "]" * 300),
    read("tiny_number", raw("1e-99999999999999999999"), place="1e-99999999999999999999"),
    read("tiny_number_of_5_digits", raw("1E-99999"), place="1E-99999"),
    read("minus_zero", raw("-0.0"), place="-0.0"),
    read("integer_of_300_digits", raw("9" * 300), place="9" * 300),
    read("many_decimals", raw("0." + "1" * 500), TOO_LONG, place="0." + "1" * 500),
    read("escaped", raw('"\\u0041\\n\\"\\\\\\/"'), place='A\n"\\/'),
    read("nul_escaped", raw('"a\\u0000b"'), place="a\u2400b"),
    read("nul_in_the_name_of_a_list", f'{{"sei\\u0000z":[{json.dumps(ROW)}]}}'),
    read(
        "nul_in_a_key",
        raw('""').replace('"Place"', '"a\\u0000b"').replace(':""', ':"x"'),
        warned("column_unknown", None, "kept but not read: a"),
        extra='{"a\\u0000b":"x"}',
    ),
    read(
        "sql_in_a_key",
        raw('"x"').replace('"Place"', '"x\\"); drop table raw.seizures; --"'),
        warned("column_unknown", None, "drop table raw.seizures"),
        extra='{"x\\"); drop table raw.seizures; --":"x"}',
    ),
    read("sql_in_the_name_of_a_list", json.dumps({"x'); drop table raw.seizures; --": [ROW]})),
    read("true", raw("true"), place="TRUE"),
    read("null", raw("null"), place=""),
    read("object_in_a_cell", raw('{"a":[1,"б"]}'), place='{"a": ["1", "б"]}'),
    read("with_its_mark", lambda: b"\xef\xbb\xbf" + document().encode()),
    read("in_utf_16", lambda: document().encode("utf-16")),
    read("spaces_before", "\n" * 50 + document()),
    refused("export_without_records", "json", b'{"count":0,"next":null,"previous":null,"results":[]}', "no record"),
    refused(
        "first_page",
        "json",
        json.dumps({"count": 9, "next": "x", "previous": None, "results": [EXPORTED]}).encode(),
        "one page of 1 records",
    ),
    refused(
        "export_of_900_levels",
        "json",
        lambda: json.dumps([EXPORTED]).replace('"u"', '{"a":' * 900 + "1" + "}" * 900).encode(),
        "JSON",
    ),
]

TABLE = (HEAD + LINE).encode()


def link(name: str) -> zipfile.ZipInfo:
    """A name that a program which unpacks makes a link of."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def packed(*parts: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    return zipped(parts)


ARCHIVES = [
    odd("climbs", "zip", lambda: packed(("../../../seizures.csv", TABLE))),
    odd("from_the_root", "zip", lambda: packed(("/etc/cron.d/seizures.csv", TABLE))),
    odd("of_windows", "zip", lambda: packed(("C:\\windows\\seizures.csv", TABLE))),
    odd("program_beside", "zip", lambda: packed(("run.exe", b"MZ"), ("seizures.csv", TABLE))),
    odd("in_cyrillic", "zip", lambda: packed(("Изъятия.csv", TABLE))),
    odd("sql_name", "zip", lambda: packed(("'); drop table raw.seizures; --.csv", TABLE))),
    refused("link", "zip", lambda: packed((link("seizures.csv"), b"/etc/passwd")), NO_TABLE, "table_unknown"),
    refused("table_twice", "zip", lambda: packed(("a.csv", TABLE), ("a.csv", TABLE)), "is packed in it twice"),
    refused(
        "table_twice_in_capitals", "zip", lambda: packed(("a.csv", TABLE), ("A.CSV", TABLE)), "is packed in it twice"
    ),
    refused("bomb", "zip", lambda: lying(packed(("a.csv", TABLE)), "a.csv", 3_000_000_000), "the zip takes 3000 MB"),
    refused("300_MB", "zip", lambda: lying(packed(("a.csv", TABLE)), "a.csv", 300_000_000), "the zip takes 300 MB"),
    refused("size_that_lies", "zip", lambda: lying(packed(("a.csv", TABLE * 100)), "a.csv", 60), DAMAGED),
    refused(
        "bit_flipped",
        "zip",
        lambda: changed(zipped([("a.csv", TABLE)], zipfile.ZIP_STORED), b"heroin", b"herein"),
        DAMAGED,
    ),
    refused("in_cp1251", "zip", lambda: packed(("a.csv", "Дата;Наркотик\n".encode("cp1251"))), DAMAGED),
    refused("empty_archive", "zip", lambda: zipped([]), "no table", "table_unknown"),
    refused("600_tables", "zip", lambda: packed(*((f"{n}.csv", TABLE) for n in range(600))), "it has 600 sheets"),
]

CASES = [*DOCUMENTS, *ARCHIVES]
