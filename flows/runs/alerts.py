"""Alerts: a run that fails, on a closed gate too, or crashes leaves a file and calls a webhook; a good end is noted."""

import logging
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson
from pydantic import HttpUrl

from flows.runs.summaries import show_stopped
from warehouse.ledger.clock import now
from warehouse.safekeeping.notes import note_success
from warehouse.storage.permissions import create_folder, private_files
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")

_TIMEOUT_S = 10
# What Prefect says of a run that Ctrl-C, SIGTERM or the end of its program stopped, and of no other.
_STOPPED = "Execution was aborted by "


def alert_unless_stopped(flow: Any, flow_run: Any, state: Any) -> None:
    """Alert that a run crashed; one that somebody stopped ends Cancelled, and nobody is woken up for it."""
    if not (state.message or "").startswith(_STOPPED):
        alert(flow, flow_run, state)
        return
    log.info("The run %s of %s was stopped.", flow_run.name, flow.name)
    show_stopped(flow_run, "It was stopped on purpose, by a signal.")


def alert(flow: Any, flow_run: Any, state: Any) -> None:
    """Write ``SARAI_HOME/alerts/<time>-<flow>.json`` (time in UTC) and post it to SARAI_ALERT_WEBHOOK, if that is set.

    What goes over the network says which run ended how; its reason, which may name countries, stays in the file. A
    file that cannot be written and a webhook that does not answer are logged: a run fails for its own reason only.
    """
    settings, time = Settings(), now()
    content = {
        "flow": flow.name, "run": flow_run.name, "run_id": str(flow_run.id), "state": state.name,
        "ended_at": f"{time:%Y-%m-%dT%H:%M:%SZ}",
    }  # fmt: skip
    path = settings.root / "alerts" / f"{time:%Y%m%dT%H%M%S%fZ}-{flow.name}.json"
    log.error("The run %s of %s ended %s; see %s.", flow_run.name, flow.name, state.name, path)
    _write(path, content | {"reason": state.message})
    if settings.alert_webhook:
        _post(settings.alert_webhook.get_secret_value(), content)


def note(flow: Any, _flow_run: Any, _state: Any) -> None:
    """Keep when a run of a flow ended well, so that the board can tell which failure is over."""
    note_end(Settings(), flow.name)


def note_end(settings: Settings, flow: str) -> None:
    """Keep that a flow has done what there was to do, by now; a file that cannot be written is logged."""
    try:
        note_success(settings, flow, now())
    except OSError as error:
        log.warning("That %s ended well was not noted: %s", flow, error)


# Of each flow. It checks its parameters itself, in words of its own, and leaves no result with Prefect.
FLOW_OPTIONS: Any = {
    "validate_parameters": False, "persist_result": False,
    "on_failure": [alert], "on_crashed": [alert_unless_stopped], "on_completion": [note],
}  # fmt: skip


def _write(path: Path, content: Mapping[str, Any]) -> None:
    try:
        create_folder(path.parent)
        with private_files():
            path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    except OSError as error:
        log.error("The alert could not be written: %s", error)  # noqa: TRY400 - the traceback adds nothing


def _post(webhook: HttpUrl, content: Mapping[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    request = Request(str(webhook), data=orjson.dumps(content), headers=headers)  # noqa: S310 - http(s) only
    try:
        urlopen(request, timeout=_TIMEOUT_S).close()  # noqa: S310 - http(s) only, see Settings
    except (OSError, HTTPException, ValueError) as error:
        # Neither the address nor the words of the error, which may quote it: whoever knows the address can post to it.
        reason = f"HTTP {error.code}" if isinstance(error, HTTPError) else type(error).__name__
        log.error("The webhook of alerts at %s did not take it: %s", webhook.host, reason)  # noqa: TRY400 - see above
