"""Rows that only the gate can judge: in a file that is read without a word."""

from hostile_files import GOOD, HEAD, Case, Row, Told, wrong

from warehouse.findings.finding import SHOWN_LENGTH

HEADINGS = "Date;Drug;Quantity;Unit;Province;Country;Purity\n"
_AT = ("date", "drug", "quantity", "unit")


def one(name: str, *told: Told, accepted: int | None = None, **cells: str) -> Case:
    """A file of one row that differs from a good one in these cells."""
    row: Row = ("2", *(cells.get(key, GOOD[at]) for at, key in enumerate(_AT, start=1)))  # type: ignore[assignment]
    return Case(f"TJK/TJK_2024-05_{name}.csv", f"{HEAD}{';'.join(row[1:])}\n".encode(), told, (row,), accepted)


def number(name: str, text: str) -> Case:
    shown = f'"{text}" is not a number' if len(text) <= SHOWN_LENGTH else "is not a number"
    return one(f"quantity_{name}", wrong("value_unreadable", 2, shown), quantity=text, accepted=0)


def day(name: str, text: str, rule: str = "value_unreadable", words: str = "is not a date") -> Case:
    return one(f"date_{name}", wrong(rule, 2, words), date=text, accepted=0)


def drug(name: str, text: str, words: str = "is not in the list of this question") -> Case:
    return one(f"drug_{name}", wrong("code_unknown", 2, words), drug=text, accepted=0)


CASES = [
    *(
        number(name, text)
        for name, text in {
            "nan": "NaN",
            "inf": "inf",
            "infinity": "-Infinity",
            "1e999": "1e999",
            "hexadecimal": "0x10",
            "wide_digits": "１２",
            "arabic_digits": "١٢",
            "words": "много",
            "reference": "#REF!",
            "formula": "=1+1",
            "two_marks": "12,5,3",
            "sign_twice": "--5",
            "fraction": "½",
            "empty_brackets": "()",
            "null": "NULL",
            "sql": "1 or 1=1",
            "1e15": "1000000000000000",
            "400_digits": "9" * 400,
            "roman": "Ⅻ",
            "underscore": "1_000",
        }.items()
    ),
    one("quantity_negative", wrong("value_not_above", 2, '"-5" is not more than 0'), quantity="-5", accepted=0),
    *(
        day(name, text)
        for name, text in {
            "31_of_february": "2024-02-31",
            "month_13": "2024-13-01",
            "words": "yesterday",
            "infinity": "infinity",
            "epoch": "epoch",
            "now": "now",
            "with_sql": "2024-05-01'--",
        }.items()
    ),
    one("date_serial_of_a_workbook", date="45413", accepted=1),
    day("year_0", "0000-01-01", "value_unreadable", "is not a date"),
    day("year_9999", "9999-12-31", "value_unreadable", "is not a date"),
    one("date_of_april", date="2024-04-30", accepted=1),
    day("of_june", "2024-06-01", "date_outside_period", "lies outside the reporting month 2024-05"),
    day("of_last_year", "2023-05-30", "date_outside_period", "; with the year 2024 it lies in it"),
    day("of_long_ago", "2012-04-30", "date_outside_period", ", more than 24 months before it"),
    drug("homoglyph", "hеroin", "some of its letters only look so"),
    drug("sql", "heroin' or '1'='1"),
    drug("no_width", "her\u200boin"),
    drug("turned", "\u202enioreh"),
    drug("markup", "<b>heroin</b>"),
    drug("marks", "h\u0336eroin"),
    one("unit_homoglyph", wrong("code_unknown", 2, "some of its letters only look so"), unit="кg", accepted=0),
    one("unit_sql", wrong("code_unknown", 2, '"kg\'--" is not in the list'), unit="kg'--", accepted=0),
    Case(
        "TJK/TJK_2024-05_of_a_neighbour.csv",
        (HEADINGS + "".join(f"2024-05-0{n};heroin;{n};kg;;Kazakhstan;\n" for n in (1, 2))).encode(),
        (
            wrong("country_contradicted", 2, '"Kazakhstan" is not Tajikistan'),
            wrong("country_contradicted", 3, "is not Tajikistan"),
        ),
        (GOOD, ("3", "2024-05-02", "heroin", "2", "kg")),
    ),
    Case(
        "TJK/TJK_2024-05_provinces_of_a_neighbour.csv",
        (
            HEADINGS
            + "".join(f"2024-05-0{n};heroin;{n};kg;{p};;\n" for n, p in enumerate(("Osh", "Batken", "Naryn"), start=1))
        ).encode(),
        (wrong("provinces_abroad", None, "3 of 3 provinces lie in Kyrgyzstan"),),
        tuple((str(n + 1), f"2024-05-0{n}", "heroin", str(n), "kg") for n in (1, 2, 3)),
    ),
    Case(
        "TJK/TJK_2024-05_purity.csv",
        (HEADINGS + "2024-05-01;heroin;1;kg;;;101\n").encode(),
        (wrong("value_too_large", 2, '"101" is more than 100'),),
        (GOOD,),
        0,
    ),
]
