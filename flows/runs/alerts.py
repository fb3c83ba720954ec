"""Alerts: a run that failed or crashed, a closed gate among them, leaves a file and calls the webhook that is set."""

import logging
from typing import Any
from urllib.request import Request, urlopen

import orjson

from warehouse.ledger.clock import now
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")

_TIMEOUT_S = 10


def alert(flow: Any, flow_run: Any, state: Any) -> None:
    """Write ``SARAI_HOME/alerts/<time>-<flow>.json`` (time in UTC) and post it to SARAI_ALERT_WEBHOOK, if that is set.

    What goes over the network says which run ended how; its reason, which may speak of countries, stays in the file. A
    webhook that does not answer is logged: a run fails for its own reason only.
    """
    settings, time = Settings(), now()
    told = {"flow": flow.name, "run": flow_run.name, "state": state.name, "ended_at": f"{time:%Y-%m-%dT%H:%M:%SZ}"}
    folder = settings.root / "alerts"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time:%Y%m%dT%H%M%S%fZ}-{flow.name}.json"
    path.write_bytes(orjson.dumps(told | {"reason": state.message}, option=orjson.OPT_INDENT_2))
    log.error("The run %s of %s ended %s; see %s.", flow_run.name, flow.name, state.name, path)
    if settings.alert_webhook:
        content = {"Content-Type": "application/json"}
        request = Request(str(settings.alert_webhook), data=orjson.dumps(told), headers=content)  # noqa: S310 - http(s)
        try:
            urlopen(request, timeout=_TIMEOUT_S).close()  # noqa: S310 - pydantic let only http and https pass
        except OSError as error:
            log.error("The webhook of alerts did not take it: %s", error)  # noqa: TRY400 - its words say it all
