import pytest

from warehouse.files.number_formats import NumberFormat, number_format, parse_number_format, shown_text


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0.00", None),
        ("#,##0.00;[Red]-#,##0.00", None),
        ("General", None),
        ('dd.mm.yyyy" г."', None),
        ("[$-419]d mmmm yyyy;@", None),
        ("0.00E+00", None),
        ("_-* #,##0.00_-;-* #,##0.00_-", None),
        ("0.0%", NumberFormat(is_percent=True)),
        ('0 "г"', NumberFormat(unit="г")),
        ('General" кг"', NumberFormat(unit="кг")),
        (r"0.0\ \к\г", NumberFormat(unit="кг")),
        ('0"%"', NumberFormat(unit="%")),
        ("#,##0,", NumberFormat(power=3)),
        ('0.0,," млн"', NumberFormat(power=6, unit="млн")),
        ("#,##0.00 [$₸-43F]", NumberFormat(unit="₸")),
        ("$#,##0", NumberFormat(unit="$")),
        ('"(+) "0', None),
        # what shows another number than the cell holds
        ('0" 300"', NumberFormat(adds="300")),
        (r"0\0\0\0", NumberFormat(adds="000")),
        ('0" 100 г"', NumberFormat(unit="100 г", adds="100 г")),
        ('"1"0', NumberFormat(adds="1")),
        ('"<"0', NumberFormat(adds="<")),
        ('"-"0', NumberFormat(adds="-")),
        ("-0", NumberFormat(adds="-")),
        (r"00\.00", NumberFormat(adds=".")),
        ('0" м2"', NumberFormat(unit="м2")),
        ('0" "000', None),
        ('0"‰"', NumberFormat(unit="‰")),
        (";;;", NumberFormat(hides=True)),
        ('"нет"', NumberFormat(unit="нет", hides=True)),
        ('[=0]"";General', None),
        ("@", None),
    ],
)
def test_what_a_format_shows_beside_the_number(code: str, shown: NumberFormat | None) -> None:
    assert parse_number_format(code) == shown


def test_formats_that_no_workbook_defines_itself() -> None:
    assert number_format(9, {}) == number_format(10, {}) == NumberFormat(is_percent=True)
    assert number_format(0, {}) is None


@pytest.mark.parametrize(("text", "percent"), [("0.62", "62%"), ("0.455", "45.5%"), ("1", "100%"), ("x", "x")])
def test_a_share_is_shown_in_percent(text: str, percent: str) -> None:
    assert shown_text(text, NumberFormat(is_percent=True)) == percent


def test_a_share_is_shown_per_mille_as_it_is_held() -> None:
    assert shown_text("620", NumberFormat(unit="‰")) == "620‰"
