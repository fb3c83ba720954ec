"""Options that several commands share: a month or year that no report can be of is refused by its name."""

import pytest
from click.testing import CliRunner

from flows.commands.cli import main


@pytest.mark.parametrize(
    "command",
    [
        ["bulletin", "--month", "0001-01"],
        ["bulletin", "--year", "0"],
        ["template", "KAZ", "--period", "0001-01"],
        ["status", "--until", "9999-12"],
        ["status", "--months", "99999"],
        ["annex", "--year", "12"],
    ],
)
def test_a_month_or_year_that_cannot_be_is_refused(command: list[str]) -> None:
    said = CliRunner().invoke(main, command)
    assert said.exit_code == 2
    assert command[-1] in said.output
