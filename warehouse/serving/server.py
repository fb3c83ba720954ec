"""The shared server: a connection of the loader, and who else loads."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from warehouse import packages
from warehouse.serving.errors import ServingError, UnreachableError
from warehouse.serving.layout import OWNER

if TYPE_CHECKING:
    import psycopg
    from psycopg.rows import TupleRow

    Connection = psycopg.Connection[TupleRow]

OLDEST_VERSION = 15
_ONE_LOADER = 0x5A5241
SERVE_AGAIN = "The last release stays served; run `sarai serve` again."
_BY_ADMINISTRATOR = "An administrator runs what `sarai roles` prints."
_POLL_S = 0.5
# A change waits this long for whoever holds what it replaces or renames.
_LOCK_TIMEOUT = "5s"


def require_packages() -> None:
    """Raise ServingError where the packages for a server are not installed, or cannot be imported."""
    packages.require_packages(("psycopg", "duckdb_extensions"), "requirements-server.lock", ServingError)


@contextmanager
def loading(address: str, *, is_alone: bool = True, wait_s: float = 0) -> "Iterator[Connection]":
    """Connect as the loader, acting as the owner of everything that is served, alone if it will write.

    Waits so many seconds for another loader to end: a release may be served by a command and by a deployment at once.
    ``address`` is a connection string of libpq: a URL, or ``service=sarai``; passwords may stand in its password file.
    Raises ServingError for a server that does not answer, is too old, is not set up, or is being loaded by another.
    """
    import psycopg

    _require_address(address)
    try:
        with psycopg.connect(
            address, autocommit=True, application_name="sarai serve", connect_timeout=10
        ) as connection:
            _require_version(connection)
            connection.execute("set default_transaction_read_only = off")
            connection.execute(f"set role {OWNER}")
            if is_alone:
                _require_alone(connection, wait_s)
            yield connection
    except psycopg.Error as error:
        kind = UnreachableError if isinstance(error, psycopg.OperationalError) else ServingError
        raise kind(_describe(error)) from error


@contextmanager
def changing(connection: "Connection") -> Iterator[None]:
    """Open a transaction that changes all or nothing; raises LockNotAvailable where a reader holds it up too long."""
    with connection.transaction():
        run(connection, [f"set local lock_timeout = '{_LOCK_TIMEOUT}'"])
        yield


@contextmanager
def unless_held() -> Iterator[None]:
    """Leave what is inside undone, without an error, where a reader holds what it needs."""
    from psycopg.errors import LockNotAvailable

    with suppress(LockNotAvailable):
        yield


def run(connection: "Connection", statements: Iterable[str]) -> None:
    """Run statements that hold no parameters, sent together."""
    if script := ";\n".join(statements):
        connection.execute(script.encode())


def rows(connection: "Connection", query: str, values: tuple[Any, ...] | None = None) -> "list[TupleRow]":
    """Return the rows of a query."""
    return connection.execute(query.encode(), values).fetchall()


def value(connection: "Connection", query: str, values: tuple[Any, ...] | None = None) -> Any:
    """Return the only value of a query, None without a row."""
    found = rows(connection, query, values)
    return found[0][0] if found else None


def _require_address(address: str) -> None:
    """Refuse what libpq cannot read without repeating it, as libpq would: a password may stand in it."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(address)
    except ProgrammingError:
        raise ServingError(
            "SARAI_SERVER_URL or SARAI_PUBLIC_SERVER_URL is no address that libpq can read. Write it as "
            "docs/settings.md shows, for example service=sarai."
        ) from None


def _require_version(connection: "Connection") -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST_VERSION:
        raise ServingError(
            f"The server is PostgreSQL {version}; views that ask with the rights of their reader came with "
            f"{OLDEST_VERSION}. Update the server."
        )


def _require_alone(connection: "Connection", wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while not value(connection, "select pg_try_advisory_lock(%s)", (_ONE_LOADER,)):
        if time.monotonic() < deadline:
            time.sleep(_POLL_S)
            continue
        raise ServingError("Another `sarai serve` loads this database. Try again when it has ended.")


def _describe(error: "psycopg.Error") -> str:
    from psycopg.errors import InsufficientPrivilege, InvalidCatalogName, InvalidParameterValue, LockNotAvailable

    text = str(error).strip().partition("\n")[0].rstrip(".")
    if isinstance(error, InvalidParameterValue | InvalidCatalogName):
        return f"The server is not set up: {text}. {_BY_ADMINISTRATOR}"
    if isinstance(error, InsufficientPrivilege):
        return f"The loader may not do what it must: {text}. {_BY_ADMINISTRATOR}"
    if isinstance(error, LockNotAvailable):
        return f"A reader holds what is to be replaced: {text}. {SERVE_AGAIN}"
    return (
        f"The server refused: {text}. The last release stays served. See docs/serving.md, or run `sarai roles --check`."
    )
