"""The commands of the shared server, on a real one: what they print, and their exit status."""

import re

import pytest
from click.testing import CliRunner, Result
from postgres import Server

from flows.commands.cli import main
from warehouse.storage.settings import Settings


def sarai(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.usefixtures("warehouse")
def test_a_release_is_foreseen_served_and_served_already(
    served_database: str, database_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARAI_SERVER_URL", served_database)
    [example] = re.findall(r"^  Example: sarai (.*)$", sarai("serve", "--help").output, re.MULTILINE)
    printed = [sarai("serve", "--check"), sarai(*example.split()), sarai("serve", "1"), sarai("roles", "--check")]

    assert [one.exit_code for one in printed] == [0, 0, 0, 1]
    version = re.findall(r"access version (\w{12})\.", printed[0].output)[0]
    assert [one.output for one in printed[:3]] == [
        f"Release 1 would be loaded, verified and served, under access version {version}.\n",
        f"Release 1 is loaded, verified and served, under access version {version}.\n",
        f"Release 1 is served already, under access version {version}.\n",
    ]
    assert "advised: readers may ask without end: this database sets no statement_timeout\n" in printed[3].output
    assert "refused" not in printed[3].output
    with database_server.connect("aru", "trial") as reader:
        seen = reader.execute("select country_code, count(*) from sarai.fct_seizures group by 1").fetchall()
    assert seen == [("KAZ", 3)]
    database_server.administer("update release_1_tables.fct_seizures set source_row = source_row + 1;", "trial")
    assert sarai("serve", "--check").output == (
        "Rows were changed by hand. fct_seizures: the sum of source_row is 15 on the server and 11 in the release.\n"
        f"Release 1 would be loaded, verified and served, under access version {version}.\n"
    )


def test_what_is_missing_is_said(warehouse: Settings) -> None:
    for arguments, words in {
        ("serve",): "Error: No server is named. Set SARAI_SERVER_URL",
        ("serve", "--public"): "Error: No server is named. Set SARAI_PUBLIC_SERVER_URL",
        ("serve", "7"): "Error: There is no release 7. There are: 1.",
        ("roles", "--check"): "Error: No server is named.",
    }.items():
        result = sarai(*arguments)
        assert result.exit_code in {1, 2}
        assert words in result.output
    assert "create role sarai_tkm" in sarai("roles").output
    assert warehouse.server_url is None
