"""Clients of the Prefect server: whom they trust, and how many there are."""

import ssl
from importlib import import_module

import pytest
import yaml

from flows.runs.client import client_settings, kept_client
from warehouse.storage.settings import REPOSITORY


@pytest.mark.parametrize(
    ("url", "is_plain"),
    [
        ("http://127.0.0.1:9/api", True), ("https://127.0.0.1:9/api", False), ("https://prefect.example/api", False),
        ("http://prefect.example/api", False),  # which may redirect to HTTPS
    ],
)  # fmt: skip
def test_a_client_of_a_server_of_this_machine_trusts_nobody_and_loads_no_certificates(
    url: str, *, is_plain: bool
) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: url}):
        trusted = client_settings()
    assert bool(trusted) == is_plain
    if is_plain:
        verify = trusted["verify"]
        assert (verify.verify_mode, verify.check_hostname, verify.get_ca_certs()) == (ssl.CERT_REQUIRED, True, [])


@pytest.mark.usefixtures("prefect_api")
def test_runs_inside_share_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect import flow
    from prefect.context import SyncClientContext

    used = []

    @flow
    def look() -> None:
        context = SyncClientContext.get()
        assert context
        used.append(context.client)

    with kept_client(), kept_client():
        monkeypatch.setattr("prefect.context.get_client", lambda **_: pytest.fail("another client was made"))
        look()
        look()
    assert used[0] is used[1]


def test_no_flow_leaves_what_it_returns_with_prefect() -> None:
    """Where a server has a place for results, Prefect would keep those of every flow that does not say no."""
    deployments = yaml.safe_load((REPOSITORY / "prefect.yaml").read_bytes())["deployments"]
    entries = [deployment["entrypoint"].partition(".py:") for deployment in deployments]
    flows = [getattr(import_module(path.replace("/", ".")), name) for path, _, name in entries]
    assert {flow.name: flow.persist_result for flow in flows} == dict.fromkeys((flow.name for flow in flows), False)
    assert len(flows) > 5
