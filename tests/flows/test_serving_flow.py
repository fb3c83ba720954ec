"""The flow that serves: what a publication brings to readers by itself, on a real PostgreSQL."""

import pytest
from click.testing import CliRunner
from conftest import only_alert
from postgres import Server

from flows.commands.cli import main
from warehouse.serving.access import Access
from warehouse.serving.errors import ServingError
from warehouse.serving.outcome import Outcome
from warehouse.serving.server import loading
from warehouse.storage.settings import Settings


@pytest.fixture
def named(served_database: str, prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the members' database, which the environment names."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    monkeypatch.setenv("SARAI_SERVER_URL", served_database)
    return served_database


@pytest.mark.usefixtures("warehouse", "named")
def test_a_run_of_every_day_serves_what_it_published(database_server: Server) -> None:
    said = [CliRunner().invoke(main, ["run"]).output.splitlines()[-1] for _ in range(2)]
    served, again = "Members: Release 1 is loaded, verified and served", "Release 1 is served already"
    assert [line.partition(",")[0] for line in said] == [served.partition(",")[0], again]
    with database_server.connect("aru", "trial") as reader:
        assert reader.execute("select release_number from sarai.release").fetchall() == [(1,)]


@pytest.mark.usefixtures("named")
def test_one_circle_is_served_where_the_other_cannot_be_and_that_is_told(
    warehouse: Settings, database_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.serve import copy, serve

    monkeypatch.setattr(copy, "retry_delay_seconds", [0, 0])
    monkeypatch.setenv("SARAI_PUBLIC_SERVER_URL", "host=/nowhere user=sarai_loader dbname=sarai_public")
    with pytest.raises(ServingError, match="The server refused"):
        serve()

    with database_server.connect("aru", "trial") as reader:
        assert reader.execute("select release_number from sarai.release").fetchall() == [(1,)]
    alert = only_alert(warehouse)
    assert (alert["flow"], alert["state"]) == ("serve", "Failed")


@pytest.mark.usefixtures("warehouse", "prefect_api")
def test_where_neither_circle_can_be_served_both_reasons_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.serve import copy, serve

    monkeypatch.setattr(copy, "retry_delay_seconds", [0, 0])
    for name, database in {"SARAI_SERVER_URL": "sarai", "SARAI_PUBLIC_SERVER_URL": "sarai_public"}.items():
        monkeypatch.setenv(name, f"host=/nowhere user=sarai_loader dbname={database}")
    with pytest.raises(ServingError) as raised:
        serve()
    assert str(raised.value).count("The server refused") == 2


@pytest.mark.usefixtures("warehouse", "prefect_api")
def test_without_a_server_nothing_is_served_and_nothing_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    from flows.serve import serve

    assert serve() == []
    assert "Nothing to serve: no server is named." in caplog.text


def test_a_loader_waits_for_another_one(served_database: str) -> None:
    with loading(served_database), pytest.raises(ServingError, match="Another `sarai serve` loads"):  # noqa: SIM117
        with loading(served_database, wait_s=0.6):
            pass


@pytest.mark.usefixtures("warehouse", "named")
def test_a_release_that_a_reader_keeps_under_an_earlier_policy_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    import flows.serve as served

    held = Outcome(
        7, is_switched=True, is_loaded=True, access=Access({}), changes=[], unnamed=[], altered=[], spoiled=None,
        behind=[], removed=[], held=[6],
    )  # fmt: skip
    monkeypatch.setattr(served, "serve_edition", lambda _edition, _settings: held)
    with pytest.raises(ServingError, match=r"^Release 6 is still read under an earlier access\.yml"):
        served.serve()
