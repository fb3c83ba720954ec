"""Files under hostile and broken names, and from whom they cannot come."""

import itertools

from hostile_files import GOOD, HEAD, LINE, Case, Told, warned, wrong

_NUMBERS = itertools.count(1)
CONTRADICTED = "Correct the wrong one"


def content() -> bytes:
    """Rows of which no two files hold the same: a copy is told from what was sent before."""
    return f"{HEAD}{LINE.strip()};{next(_NUMBERS)}\n".encode()


def named(file_name: str, *told: Told) -> Case:
    """A good file under an odd name; it is accepted unless something is told of it."""
    rejected = any(one.severity == "error" for one in told)
    return Case(file_name, content(), told, (GOOD,), None if rejected else 1)


CASES = [
    named("KAZ/Отчёт за май 2024.csv"),
    named("KAZ/Отчёт за май 2024.csv".replace("ё", "е\u0308") + ".csv"),
    named("KAZ/2024-05 💣.csv"),
    named("KAZ/2024-05 line\nbreak.csv"),
    named("KAZ/2024-05 \x1b[31mred\x07.csv"),
    named("KAZ/-rf 2024-05.csv"),
    named("KAZ/2024-05 '); drop table raw.submissions; --.csv"),
    named('KAZ/2024-05 " onload="alert(1).csv'),
    named("KAZ/2024-05 <script>alert(1)<script>.csv"),
    named("KAZ/2024-05 {value} %s {{ x }}.csv"),
    named("KAZ/2024-05 $(reboot) `reboot`.csv"),
    named("KAZ/2024-05 \u202evsc.exe"),
    named("KAZ/2024-05 no\u200bwidth.csv"),
    named("KAZ/2024-05 " + "я" * 118 + ".csv"),
    named("KAZ/2024-05 C:\\windows\\x.csv"),
    named("KAZ/2024-05..csv"),
    named("KAZ/2024-05 ..csv"),
    named("KAZ/2024-05.CSV"),
    named("KAZ/052024 2024-05"),
    named("KAZ/2024-05.xlsx.exe"),
    named("KAZ/2024-05 * ? |.csv"),
    named("KAZ/2024-05 /etc/deep/x.csv".replace(" /", "/")),
    named("kaz/2024-05 small letters.csv"),
    named("KAZ/2024/05.2024.csv"),
    named(b"KAZ/2024-05 \xce\xf2\xf7\xe5\xf2.csv".decode("utf-8", "surrogateescape")),
    named("KАZ/2024-05 homoglyph.csv", wrong("country_unknown", None, "the country is not said")),
    named("ZZZ/2024-05 no country.csv", wrong("country_unknown", None, "the country is not said")),
    named("USA/2024-05 no member.csv", wrong("country_unknown", None, "the country is USA, which is no member state")),
    named("2024-05 no folder.csv", wrong("country_unknown", None, "the country is not said")),
    named("UZB/KAZ_2024-05 of a neighbour.csv", wrong("identity_contradicted", None, CONTRADICTED)),
    named("KAZ/UZB_2024-05 of a neighbour.csv", wrong("identity_contradicted", None, CONTRADICTED)),
    named("KAZ/UZB/2024-05 of two.csv", wrong("identity_contradicted", None, CONTRADICTED)),
    named("KAZ/KAZ TJK 2024-05.csv", wrong("identity_contradicted", None, CONTRADICTED)),
    named("KAZ/2024-04/2024-05 of two months.csv", wrong("identity_contradicted", None, CONTRADICTED)),
    named("KAZ/2024-04 2024-05.csv", wrong("period_unknown", None, "or several are")),
    named("KAZ/2024-13.csv", wrong("period_unknown", None, "the reporting month is not said")),
    named("KAZ/no month.csv", wrong("period_unknown", None, "the reporting month is not said")),
    named("KAZ/2099-12.csv", wrong("period_in_future", None, "the reporting month 2099-12 has not begun")),
    Case(
        "KAZ/2024-05 cover of a neighbour.csv",
        f"Country;Uzbekistan\n{HEAD}{LINE}".encode(),
        (wrong("identity_contradicted", None, CONTRADICTED),),
        (("3", *GOOD[1:]),),
    ),
    Case(
        "KAZ/2024-05 cover climbs.csv",
        f"Country;../../../etc\n{HEAD}{LINE}".encode(),
        (warned("cover_unclear", None, 'says country "../../../etc"'),),
        (("3", *GOOD[1:]),),
        1,
    ),
    Case(
        "KAZ/2024-05 cover of sql.csv",
        f"Country;') drop schema raw --\n{HEAD}{LINE}".encode(),
        (warned("cover_unclear", None, 'says country "\') drop schema raw --"'),),
        (("3", *GOOD[1:]),),
        1,
    ),
    Case(
        "KAZ/2024-05 closed version.csv",
        f"Version;0\n{HEAD}{LINE}".encode(),
        (wrong("version_closed", None, "is of questionnaire version 0"),),
        (("3", *GOOD[1:]),),
    ),
    Case(
        "KAZ/2024-05 huge revision.csv",
        f"Revision;{'9' * 400}\n{HEAD}{LINE}".encode(),
        (warned("cover_unclear", None, "which is not understood"),),
        (("3", *GOOD[1:]),),
        1,
    ),
    Case(
        "KAZ/2024-05 nil with rows.csv",
        f"Nothing to report;yes\n{HEAD}{LINE}".encode(),
        (warned("nil_contradicted", None, "1 rows were read"),),
        (("3", *GOOD[1:]),),
        1,
    ),
]
