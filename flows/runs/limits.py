"""Ending a run early: at its time limit, at a signal, and by force when neither interrupts it."""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from flows.runs.alerts import alert
from warehouse.storage.database import interrupt_queries
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import interrupt_models

if TYPE_CHECKING:
    from prefect.context import FlowRunContext

log = logging.getLogger("sarai")

_GRACE_S = 30.0
_REPEAT_S = 2.0


class RunTimeoutError(SaraiError):
    """A run took longer than SARAI_RUN_TIMEOUT_S and was ended."""


class _TimeIsUp(BaseException):
    """Raised in the main thread at the time limit; not an Exception, so that no ``except Exception`` swallows it."""


@contextmanager
def limited(settings: Settings) -> Iterator[None]:
    """Raise RunTimeoutError in what runs inside after ``run_timeout_s`` seconds; see _signals for what does not end.

    Prefect's own limit is fixed when a flow is defined, and raises inside DuckDB, which then cannot close its file. So
    the first alarm interrupts queries, and later ones raise.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals; workers and commands run flows in it
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
    """Re-raise what a signal handler raised, and end the process if the run goes on for _GRACE_S seconds after it.

    DuckDB, dbt and Great Expectations turn what a handler raises into errors of their own. The interpreter writes the
    number of each signal to a socket; when the run ends with an error after one, its handler is called again.
    """
    numbers, wakeup = socket.socketpair()
    wakeup.setblocking(False)  # noqa: FBT003 - its only argument
    received: list[int] = []
    over = threading.Event()

    def watch(context: "FlowRunContext | None") -> None:
        while number := numbers.recv(1):
            received.append(number[0])
            if len(received) == 1 and not _ends(over):
                _end_by_force(context, signal.Signals(number[0]))

    watcher = threading.Thread(target=watch, args=[_read_context()], daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
    try:
        with numbers:
            try:
                yield
            finally:
                signal.set_wakeup_fd(before)
                over.set()
                wakeup.close()
                watcher.join()
    except Exception:
        if received and callable(raise_again := signal.getsignal(received[0])):
            raise_again(received[0], None)
        raise


def _read_context() -> "FlowRunContext | None":
    """Return the run of this thread; none before a command has imported Prefect."""
    if "prefect" not in sys.modules:
        return None
    from prefect.context import FlowRunContext

    return FlowRunContext.get()


def _ends(over: threading.Event) -> bool:
    """Interrupt dbt until the run is over, as it may start another model; returns whether that is within _GRACE_S."""
    deadline = time.monotonic() + _GRACE_S
    while time.monotonic() < deadline:
        interrupt_models()
        if over.wait(min(_REPEAT_S, _GRACE_S)):
            return True
    return False


def _end_by_force(context: "FlowRunContext | None", number: signal.Signals) -> None:
    """End this process from another thread, as the main one is in a call that no signal interrupts.

    Every write survives that; ``make faults`` proves it.
    """
    message = f"The run did not end within {_GRACE_S:g} seconds after {number.name}; its process was ended."
    try:
        log.critical("%s", message)
        if context and context.flow_run:
            from prefect.client.orchestration import get_client
            from prefect.states import Crashed

            state: Any = Crashed(message=message)
            alert(context.flow, context.flow_run, state)
            with get_client(sync_client=True) as client:
                client.set_flow_run_state(context.flow_run.id, state, force=True)
    finally:
        os._exit(1)
