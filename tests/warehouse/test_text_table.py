"""Tables of text: aligned, nothing cut, one line per row."""

from warehouse.text_table import lay_out


def test_numbers_stand_right_and_text_left() -> None:
    rows = [("HEROIN", 2.50, True), ("тирьяк", None, False), (None, 1234567.125, True)]
    assert lay_out(("drug", "kg", "is_new"), rows) == (
        "drug             kg  is_new\n"
        "HEROIN          2.5  True\n"
        "тирьяк               False\n"
        "        1234567.125  True"
    )  # fmt: skip


def test_a_line_break_does_not_break_the_table() -> None:
    assert lay_out(("a", "b"), [("one\ntwo", 1)]) == "a        b\none two  1"


def test_no_rows() -> None:
    assert lay_out(("country", "files"), []) == "country  files"


def test_what_would_command_the_terminal_is_shown_and_not_done() -> None:
    assert lay_out(("a\x1b[2J",), [("б\x1b]0;x\x07\u202e\x9b",)]) == "a\\x1b[2J\nб\\x1b]0;x\\x07\\u202e\\x9b"
