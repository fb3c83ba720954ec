"""Tables of text: aligned, nothing cut, one line per row."""

import io
import logging

from warehouse.text_table import PrintableFormatter, escape_record, lay_out, printable


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


HOSTILE = "a\x1b[2J\x07\x9b1m\u202e\u2066\u200b\x00\x7f\r\n\u2028\ud800b"
ESCAPED = "a\\x1b[2J\\x07\\x9b1m\\u202e\\u2066\\u200b\\x00\\x7f\\r{}\\u2028\\ud800b"


def test_only_what_is_kept_and_every_kind_of_blank_stays() -> None:
    assert printable(HOSTILE) == ESCAPED.format("\\n")
    assert printable(HOSTILE, keep="\n") == ESCAPED.format("\n")
    assert printable("12\u00a0300\u202f€ Ўзб ё\\x1b") == "12\u00a0300\u202f€ Ўзб ё\\x1b"


def test_log_lines_are_escaped_with_their_tracebacks() -> None:
    log, stream = logging.getLogger("sarai.made"), io.StringIO()
    log.addFilter(escape_record)
    log.addHandler(logging.StreamHandler(stream))
    log.warning("%s: 5 %% of %d", HOSTILE, 7)
    assert stream.getvalue() == ESCAPED.format("\n") + ": 5 % of 7\n"
    stream.truncate(0)
    log.handlers[0].setFormatter(PrintableFormatter("%(message)s"))
    error = ValueError("\x1b[2J")
    log.error("failed", exc_info=error)
    assert "\x1b" not in stream.getvalue()
    assert "ValueError: \\x1b[2J" in stream.getvalue()
