"""The Prefect server of a command: the one that PREFECT_API_URL names, or a temporary one that ends with the command.

Prefect's own temporary server needs less code here, but its client first imports the whole server (5 s of CPU), only
then starts it, and leaves it running when the command is killed. Ours boots while the command does its own imports: the
port is known at once, and the first request waits in the queue of the socket.
"""

import asyncio
import logging
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from flows.runs.garbage import collect_rarely
from warehouse.storage.errors import SaraiError, with_causes
from warehouse.storage.permissions import PRIVATE_FILE, close_home, create_folder
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.text_table import PrintableFormatter

if TYPE_CHECKING:
    import uvicorn
    from filelock import BaseFileLock

_POLL_S = 0.05
_LOG_BYTES, _OLD_LOGS = 10 << 20, 5
# What no other process needs to know.
_SECRETS = ("SARAI_SIGNING_KEY", "SARAI_ALERT_WEBHOOK")
# How the variables begin that name another database; the second is what Prefect called them before.
_DATABASES = ("PREFECT_SERVER_DATABASE_", "PREFECT_API_DATABASE_")
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "sarai",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_API_REQUEST_TIMEOUT": "120",
}


# The address of the temporary server of this process, once it has one: all flows of a command share it.
_temporary: list[str] = []


class ServerError(SaraiError):
    """The Prefect server does not answer, or refuses what it is asked."""


@contextmanager
def server_errors(settings: Settings) -> Iterator[None]:
    """Raise ServerError for what Prefect raises when its server cannot be used; enter it before ``connect``."""
    named = os.environ.get("PREFECT_API_URL")
    if named in _temporary:
        named = None
    try:
        yield
    except Exception as error:
        if reason := _request_failure(error):
            raise ServerError(_explain(named, reason, settings)) from error
        raise


def _request_failure(failure: BaseException) -> str | None:
    """Return why a request to the server failed, if one is behind this error."""
    import httpx

    for error in with_causes(failure):
        if isinstance(error, httpx.HTTPStatusError):
            return f"refuses: {error.response.status_code} {error.response.reason_phrase}"
        if isinstance(error, httpx.InvalidURL):
            return "has no valid address"  # its words may quote a password
        if isinstance(error, httpx.HTTPError):
            return f"does not answer: {str(error).rstrip('.') or type(error).__name__}"
    return None


def _explain(named: str | None, reason: str, settings: Settings) -> str:
    if named is None:
        return f"The temporary Prefect server {reason}. Run the command again; {_server_log(settings)} says more."
    return (
        f"The Prefect server at {_without_credentials(named)} {reason}. Start it or mend PREFECT_API_URL, which names "
        "it; without that variable a temporary server is used."
    )


def _without_credentials(url: str) -> str:
    """Leave out user, password and query of an address, however it is written."""
    return re.sub("//.*@", "//", url).partition("?")[0]


def _server_log(settings: Settings) -> Path:
    return settings.logs / "prefect-server.log"


def connect(settings: Settings) -> None:
    """Connect this process to the Prefect server in PREFECT_API_URL, or start a temporary one and connect to that.

    Prefect keeps its state in ``SARAI_HOME/prefect``; variables that are set already stay. Call it before Prefect is
    imported, because Prefect reads its settings then.
    """
    os.environ.setdefault("PREFECT_HOME", str(settings.root / "prefect"))
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    close_home(settings)
    create_folder(settings.logs)
    if not os.environ.get("PREFECT_API_URL"):
        _temporary[:] = [f"http://127.0.0.1:{_start(settings)}/api"]
        os.environ["PREFECT_API_URL"] = _temporary[0]


def _start(settings: Settings) -> int:
    """Start the server on a free port and return the port; requests wait in the queue of the socket until it answers.

    It ends by itself after this process, so that Prefect can still send its last records.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener, _open_server_log(settings) as log:
        handle = listener.fileno()
        subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "flows.runs.server", str(handle)],
            cwd=REPOSITORY,
            env={name: value for name, value in os.environ.items() if name not in _SECRETS}
            | {"SARAI_CACHE": str(settings.cache.resolve())}  # the server works in another folder
            | _database(os.environ),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[handle],
            start_new_session=True,  # Ctrl-C is for the command alone: the server records how that ended
        )
        return int(listener.getsockname()[1])


def _database(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variable that names the database of the server, where the address that Prefect makes would fail.

    Prefect puts the path of PREFECT_HOME into an address as it is, in which % and ? mean something else.
    """
    home = environment["PREFECT_HOME"]
    if not {*"%?"} & {*home} or any(name.startswith(_DATABASES) for name in environment):
        return {}
    return {f"{_DATABASES[0]}CONNECTION_URL": _address(home)}


def _address(home: str) -> str:
    """Return the address of the database in PREFECT_HOME."""
    escaped = home.replace("%", "%25").replace("?", "%3F")
    return f"sqlite+aiosqlite:///{escaped}/prefect.db"


def _open_server_log(settings: Settings) -> BinaryIO:
    """Open the log of the server to append to it; a new one begins when the last run left 10 MiB or more."""
    path = _server_log(settings)
    with closing(RotatingFileHandler(path, backupCount=_OLD_LOGS, delay=True)) as log:
        if path.exists() and path.stat().st_size >= _LOG_BYTES:
            log.doRollover()
    return path.open("ab")


class _Named(PrintableFormatter):
    """A formatter of lines that say which flow and task they are about, else which part of Prefect."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record with what it is about as ``run``."""
        names = (getattr(record, name, None) for name in ("flow_name", "task_run_name"))
        record.run = " · ".join(name for name in names if name and name != "null") or record.name
        return super().format(record)


def write_logs(settings: Settings) -> None:
    """Write Prefect's log records to a file, after Prefect was imported and has set its own handlers.

    As with the logs of dbt, a new file begins at 10 MiB, and five old ones stay. Once for all flows of a command.
    """
    log, path = logging.getLogger("prefect"), settings.logs / "prefect.log"
    if any(getattr(handler, "baseFilename", None) == str(path) for handler in log.handlers):
        return
    handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=_OLD_LOGS, encoding="utf-8")
    handler.setFormatter(_Named("%(asctime)s %(levelname)s %(run)s: %(message)s"))
    log.addHandler(handler)


def serve(handle: int) -> None:
    """Serve on a socket that the parent has opened, until standard input closes: that is when the parent ends."""
    collect_rarely()
    os.environ.update(PREFECT__SERVER_EPHEMERAL="1", PREFECT__SERVER_FINAL="1", PREFECT_UI_ENABLED="false")
    # Types of blocks are for what is kept on a server that stays.
    os.environ.update(PREFECT_API_BLOCKS_REGISTER_ON_START="false", PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION="false")
    import uvicorn
    from filelock import FileLock
    from prefect.server.api.server import create_app
    from prefect.settings import PREFECT_API_DATABASE_MIGRATE_ON_START, PREFECT_HOME, temporary_settings

    server = uvicorn.Server(uvicorn.Config(create_app(), log_level="error", lifespan="on"))

    def stop_with_parent() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    threading.Thread(target=stop_with_parent, daemon=True).start()
    with FileLock(PREFECT_HOME.value() / "starting.lock", mode=PRIVATE_FILE) as starting:
        migrated = {PREFECT_API_DATABASE_MIGRATE_ON_START: False} if _is_migrated(PREFECT_HOME.value()) else {}
        with temporary_settings(migrated):
            asyncio.run(_serve(server, socket.socket(fileno=handle), starting))


def _is_migrated(home: Path) -> bool:
    """Return whether the database of the server is known to be up to date, after a new one was prepared.

    One that lies elsewhere is left to Prefect.
    """
    import prefect
    from prefect.server.database import provide_database_interface

    from flows.runs.server_database import prepare_database

    interface = provide_database_interface()
    if interface.database_config.connection_url != _address(str(home)):
        return False
    return prepare_database(home, Settings().cache, prefect.__version__, lambda: asyncio.run(interface.create_db()))


async def _serve(server: "uvicorn.Server", listener: socket.socket, starting: "BaseFileLock") -> None:
    """Serve, and let the next server start once this one has: two that create one new database break each other."""
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(_POLL_S)
    starting.release()
    await serving


if __name__ == "__main__":
    serve(int(sys.argv[1]))
