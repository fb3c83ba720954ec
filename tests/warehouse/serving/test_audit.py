"""The trail of who asked what and when: the log of the server, which no reader can switch off."""

import time

import psycopg
import pytest
from made_release import MEMBERS
from postgres import Server, has_pgaudit

from warehouse.serving.layout import members
from warehouse.serving.server_check import check_server

CIRCLE = members(MEMBERS)
SILENT = "nothing keeps who asked what: neither pgaudit logs what is read nor is log_statement all"


def _ask(server: Server, mark: str) -> str:
    """Ask as an analyst, with a parameter as BI tools do, and return what the log says of it."""
    path = server.folder / "log"
    with path.open(errors="replace") as log:
        log.seek(path.stat().st_size)  # every load of other tests stands before
        with server.connect("aru") as reader:
            reader.execute("select %s, count(*) from sarai.fct_seizures", [mark])
        return "".join(line for line in log if " aru@sarai " in line and mark in line)


def _is_silent(server: Server, name: str, value: str) -> bool:
    """Return whether the loader is advised that nothing keeps who asked, with this setting."""
    server.administer(f"alter system set {name} = '{value}'; select pg_reload_conf();")

    def is_read() -> bool:
        with server.connect("sarai_loader") as loader:
            return loader.execute("select current_setting(%s)", [name]).fetchone() == (value,)

    while not is_read():
        time.sleep(0.1)
    with server.connect("sarai_loader") as loader:
        return SILENT in [problem.text for problem in check_server(loader, CIRCLE)]


def _may_set(server: Server, name: str) -> bool:
    with server.connect("aru") as reader:
        try:
            reader.execute(f"set {name} = 'none'".encode())
        except psycopg.errors.InsufficientPrivilege:
            return False
    return True


def test_pgaudit_names_who_asked_what_and_each_table(serving_server: Server) -> None:
    if not has_pgaudit(serving_server.programs):
        pytest.skip("pgaudit is not installed")
    assert ",READ,SELECT,VIEW,sarai.fct_seizures," in _ask(serving_server, "mark-of-pgaudit")
    assert not _may_set(serving_server, "pgaudit.log")
    assert _is_silent(serving_server, "pgaudit.log", "all, -read")
    assert _is_silent(serving_server, "pgaudit.log", "none")
    assert _ask(serving_server, "mark-of-silence") == ""


def test_without_it_the_log_of_statements_does(serving_server: Server) -> None:
    if has_pgaudit(serving_server.programs):
        _is_silent(serving_server, "pgaudit.log", "none")
    assert _is_silent(serving_server, "log_statement", "ddl")
    assert not _is_silent(serving_server, "log_statement", "all")
    assert "mark-of-statement" in _ask(serving_server, "mark-of-statement")
    assert not _may_set(serving_server, "log_statement")
