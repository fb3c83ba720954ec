"""Clients of the Prefect server: one for all flows of a command, and none that loads certificates for this machine."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_HERE = ("http://127.0.0.1:", "http://localhost:")


def client_settings() -> dict[str, Any]:
    """Return what a client needs beside Prefect's settings, for httpx: whom it trusts, if its server is here.

    Nobody, then; Prefect would load the certificates of all authorities for each client, for 40 ms of processor time. A
    server elsewhere may redirect to HTTPS.
    """
    from prefect.settings import PREFECT_API_URL

    if (PREFECT_API_URL.value() or "").startswith(_HERE):
        return {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
    return {}


@contextmanager
def kept_client() -> Iterator[None]:
    """Let the runs inside share one client; without it Prefect makes one for each."""
    from prefect.context import SyncClientContext

    if SyncClientContext.get():
        yield
        return
    with SyncClientContext(httpx_settings=client_settings()):
        yield
