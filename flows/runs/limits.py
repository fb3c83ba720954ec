"""How a run ends before its work is done: at its time limit, at a signal, and by force when neither interrupts it."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.states import Crashed

from flows.runs.alerts import alert
from warehouse.storage.database import interrupt_queries
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import interrupt_models

log = logging.getLogger("sarai")

_GRACE_S = 30.0
_REPEAT_S = 2.0


class RunTimeoutError(SaraiError):
    """A run took longer than SARAI_RUN_TIMEOUT_S and was ended."""


class _TimeIsUp(BaseException):
    """Raised where the run stands; no ``except Exception`` on its way takes it for an error of its own."""


@contextmanager
def limited(settings: Settings) -> Iterator[None]:
    """End what runs inside after ``run_timeout_s`` seconds with RunTimeoutError; see _signals for what hangs on.

    Prefect's own limit is fixed when a flow is defined, and raises inside DuckDB, which then cannot close. So the first
    alarm interrupts queries, and those after it raise where the run then stands.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no signal is heard here; a worker and the command run flows in the main thread
        return
    message = f"The run took longer than {settings.run_timeout_s:g} seconds (SARAI_RUN_TIMEOUT_S) and was ended."
    alarms = count()

    def act(_signal: int, _frame: object) -> None:
        interrupt_queries()
        if next(alarms):
            raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, act)
    try:
        with _signals():
            signal.setitimer(signal.ITIMER_REAL, settings.run_timeout_s, _REPEAT_S)
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    except _TimeIsUp as error:
        raise RunTimeoutError(message) from error
    finally:
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _signals() -> Iterator[None]:
    """Let what a signal raises leave as what it was, and end this process if nothing leaves within _GRACE_S seconds.

    It is raised in the main thread, wherever that is, and DuckDB, dbt and Great Expectations make errors of their own
    of it. The interpreter notes in a socket which signals came: when an error leaves after one, that raises again.
    """
    noted, notes = socket.socketpair()
    notes.setblocking(False)  # noqa: FBT003 - its only argument
    came: list[int] = []
    over = threading.Event()

    def watch(context: FlowRunContext | None) -> None:
        while number := noted.recv(1):
            came.append(number[0])
            if len(came) == 1 and not _ends(over):
                _end_by_force(context, signal.Signals(number[0]))

    watcher = threading.Thread(target=watch, args=[FlowRunContext.get()], daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(notes.fileno(), warn_on_full_buffer=False)
    try:
        with noted:
            try:
                yield
            finally:
                signal.set_wakeup_fd(before)
                over.set()
                notes.close()
                watcher.join()
    except Exception:
        if came and callable(raise_again := signal.getsignal(came[0])):
            raise_again(came[0], None)
        raise


def _ends(over: threading.Event) -> bool:
    """Interrupt the models again and again, as dbt may begin another one, and tell whether the run is over in time."""
    deadline = time.monotonic() + _GRACE_S
    while time.monotonic() < deadline:
        interrupt_models()
        if over.wait(min(_REPEAT_S, _GRACE_S)):
            return True
    return False


def _end_by_force(context: FlowRunContext | None, number: signal.Signals) -> None:
    """End this process from another thread: the main one is in a call that no signal interrupts. Files bear it."""
    message = f"The run did not end within {_GRACE_S:g} seconds after {number.name}; its process was ended."
    try:
        log.critical("%s", message)
        if context and context.flow_run:
            state: Any = Crashed(message=message)
            alert(context.flow, context.flow_run, state)
            with get_client(sync_client=True) as client:
                client.set_flow_run_state(context.flow_run.id, state, force=True)
    finally:
        os._exit(1)
