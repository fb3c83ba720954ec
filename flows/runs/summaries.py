"""What operators see of a run on the Prefect server: a name that says what happened, countries as tags, a table.

No run needs it: a server that does not take it within a few seconds changes nothing about the run.
"""

import contextvars
import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.runs.client import client_settings

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

log = logging.getLogger("sarai")

_LIMIT_S = 5.0
_MOST_ROWS = 1_000  # of a table that somebody looks at; thousands of files are in `sarai status` and in the log


@dataclass(frozen=True)
class Summary:
    """What happened in a few words, as in "4 files", "1 rejected"; whose data it was (ISO 3166-1 alpha-3); a table."""

    words: Sequence[str]
    countries: Collection[str] = ()
    table: Sequence[Mapping[str, str]] = ()


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 file, 2 files."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def show(summary: Summary) -> None:
    """Give the flow run of this thread its name, tags and table; without a run does nothing."""
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is None or context.flow is None or context.flow_run is None:
        return
    context.flow_run.name = " · ".join([context.flow.name, *summary.words])  # alerts name it too
    taken = _within_limit(_send, context.flow_run, summary)
    if not taken:
        log.warning("The Prefect server does not show what this run did: it did not take it in %g seconds.", _LIMIT_S)


def show_stopped(run: "FlowRun", message: str) -> None:
    """Let a run that somebody stopped on purpose end Cancelled: Crashed is for what is wrong."""
    _within_limit(_cancel, run, message)


def _within_limit(send: Any, *arguments: Any) -> bool:
    """Send from a thread that is left alone after _LIMIT_S seconds; returns whether the server took everything.

    The client of Prefect tries again and again, for minutes, what a slow server does not answer.
    """
    taken: list[bool] = []

    def attempt() -> None:
        try:
            send(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run goes on
            logging.getLogger("prefect").warning("A summary of a run was not sent: %r", error)
        else:
            taken.append(True)

    thread = threading.Thread(target=contextvars.copy_context().run, args=[attempt], daemon=True)
    thread.start()
    thread.join(_LIMIT_S)
    return bool(taken)


def _send(run: "FlowRun", summary: Summary) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import ArtifactCreate

    with get_client(httpx_settings=client_settings() | {"timeout": _LIMIT_S}, sync_client=True) as client:
        client.update_flow_run(run.id, name=run.name, tags=sorted({*run.tags, *summary.countries}))
        if summary.table:
            left_out = len(summary.table) - _MOST_ROWS
            more = f"{left_out} more are not shown." if left_out > 0 else None
            rows = list(summary.table[:_MOST_ROWS])
            client.create_artifact(ArtifactCreate(type="table", data=rows, description=more, flow_run_id=run.id))


def _cancel(run: "FlowRun", message: str) -> None:
    from prefect.client.orchestration import get_client
    from prefect.states import Cancelled

    state: Any = Cancelled(message=message)
    with get_client(httpx_settings=client_settings() | {"timeout": _LIMIT_S}, sync_client=True) as client:
        client.set_flow_run_state(run.id, state, force=True)
