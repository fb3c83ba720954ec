"""What commands print of others: nothing of it commands the terminal, and no line of it is forged."""

import importlib
import json
import logging
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

import flows
from flows.commands.program import Program, _log_lines
from flows.terminal import Bar, print_json, print_text
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.lineage.trace import Origin, describe_origins
from warehouse.progress import PROGRESS_LOG
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.text_table import escape_record

HOSTILE = "KAZ/2024-05 \x1b[31m\x9b1m\u202e\x07\nerror: forged.csv"


def printed(text: object = None, *, error: Exception | None = None, value: object = None) -> Result:
    @click.group(cls=Program)
    def main() -> None:
        """Nothing."""

    @main.command()
    def show() -> None:
        if error:
            raise error
        if text is not None:
            print_text(text)
        else:
            print_json(value)

    return CliRunner().invoke(main, ["show"])


def is_plain(text: str) -> bool:
    return all(mark.isprintable() or mark == "\n" for mark in text)


@pytest.mark.parametrize("error", [click.ClickException(HOSTILE), click.UsageError(HOSTILE), OSError(5, "no", HOSTILE)])
def test_errors(error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path))
    output = printed(error=error).output
    assert is_plain(output)
    assert "\\x1b[31m" in output


def test_texts_and_json() -> None:
    assert printed(f"{HOSTILE}\nnext").output == ("KAZ/2024-05 \\x1b[31m\\x9b1m\\u202e\\x07\nerror: forged.csv\nnext\n")
    value = [{"file": HOSTILE, "emoji": "\U0001f4a3\U000e0001"}]
    output = printed(value=value).output
    assert is_plain(output)
    assert json.loads(output) == value


@pytest.mark.parametrize("finding", [
    Finding(None, "error", "rule", "{file_name}: {value}", arguments={"file_name": HOSTILE, "value": HOSTILE}),
    Finding(None, "error", "rule", "{value}", sheet=HOSTILE, arguments={"value": {"en": HOSTILE, "ru": HOSTILE}}),
    Finding(None, "error", "rule", "wrong", "seizures", "", 3, arguments={"key": HOSTILE}),
])  # fmt: skip
def test_findings_are_one_line_in_check_and_log(finding: Finding) -> None:
    for language in ("en", "ru"):
        assert describe_finding(finding, language, load_questionnaire()).isprintable()


def test_status_and_trace_show_a_row_of_a_file_in_one_line() -> None:
    origin = Origin("X", HOSTILE, "0", Path("vault"), "seizures", HOSTILE, 2, {"drug": HOSTILE})
    text = describe_origins([origin])
    assert (is_plain(text), len(text.splitlines())) == (True, 7)


def test_a_bar_shows_how_far_a_step_is_and_leaves_no_line() -> None:
    screen = StringIO()
    bar = Bar(Console(file=screen, force_terminal=True, width=100))
    for done in (12, 30):
        bar.show("Reading files", done, 50, "about 40 s left")
    bar.clear()
    drawn = screen.getvalue()
    assert "Reading files" in drawn
    assert "30 of 50" in drawn
    assert "about 40 s left" in drawn
    assert drawn.endswith("\x1b[1A\x1b[2K")  # the line of the bar is empty again


def test_what_a_command_prints_holds_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with _log_lines():
        logging.getLogger("sarai").warning("a result")
        logging.getLogger(PROGRESS_LOG).warning("Reading files: 3 of 10")
    assert capsys.readouterr() == ("a result\n", "Reading files: 3 of 10\n")


def test_every_flow_is_heard_by_itself() -> None:
    """The flows that remind, serve and write the board import no other, and had logged nothing below a warning."""
    log = logging.getLogger("sarai")
    log.setLevel(logging.NOTSET)
    log.removeFilter(escape_record)
    importlib.reload(flows)
    assert log.level == logging.INFO
    assert escape_record in log.filters
