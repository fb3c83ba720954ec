"""What a command prints when it fails for a reason that is not in the data: one line with the next step."""

import errno
import logging
import os
import re
import sys
import tempfile
from contextlib import closing, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

import click

from flows.commands.context import read_settings

_LONGEST = 300
_STEPS = {
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG): "no space is left for it. Free some, then run the command again.",
    (errno.EACCES, errno.EPERM): (
        "permission denied. Give this user access, or run the command as the user that owns SARAI_HOME."
    ),
    (errno.EROFS,): "the file system is read-only. Mount it for writing, or set SARAI_HOME to another folder.",
    (errno.EEXIST, errno.ENOTDIR, errno.EISDIR): (
        "a file lies where a folder is needed, or a folder where a file is. Move it away, or name another place."
    ),
    (errno.ENOENT,): "there is no such file or folder. Create it, or name another place.",
}
_UNNAMED = "SARAI_HOME, the folder for temporary files or the output"


def describe_failure(error: Exception) -> str:
    """Return what went wrong and the next step, in one line, for an error that is not a SaraiError."""
    import duckdb

    origin = _origin(error)
    if isinstance(origin, OSError):
        return f"{_place(origin)}: {_next_step(origin.errno) or _one_line(origin.strerror or origin)}"
    if isinstance(origin, duckdb.Error) and (explained := _describe_database_error(origin)):
        return explained
    if isinstance(origin, MemoryError):
        return "There is not enough memory. Close other programs, or set SARAI_THREADS and SARAI_MEMORY_LIMIT lower."
    return f"This is a fault of Sarai itself ({type(error).__name__}). {_one_line(error)} Report it with the log."


def _origin(error: BaseException) -> BaseException:
    """Return the first cause; XlsxWriter hands it over as the only argument of its own error."""
    wrapped = error.args[0] if len(error.args) == 1 else None
    cause = error.__cause__ or (wrapped if isinstance(wrapped, BaseException) else None)
    return _origin(cause) if cause else error


def _place(error: OSError) -> str:
    """Return where it failed; of a copy or a new name that is the second place, unless the first is not there."""
    second = None if error.errno == errno.ENOENT else error.filename2
    return str(second or error.filename or _UNNAMED)


def _next_step(number: int | None) -> str | None:
    return next((step for numbers, step in _STEPS.items() if number in numbers), None)


def _describe_database_error(error: Exception) -> str | None:
    """Explain what DuckDB raises about its file and its memory; None when it is about a statement of ours."""
    import duckdb

    text = str(error)
    if "Could not set lock" in text:
        return f"Another program has the database open; try again when it has ended. {_one_line(text)}"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"DuckDB has not enough memory. Set SARAI_MEMORY_LIMIT higher, for example to 8GB. {_one_line(text)}"
    for number in (number for numbers in _STEPS for number in numbers if os.strerror(number) in text):
        path = re.search(r'"(/[^"]+)"', text)
        return f"{path[1] if path else _UNNAMED}: {_next_step(number)}"
    if isinstance(error, duckdb.OperationalError | duckdb.InternalError | duckdb.FatalException):
        return (
            "The database file cannot be read; it may be damaged. `sarai restore` puts back a backup, and `sarai "
            f"rollback` an earlier release. {_one_line(text)}"
        )
    return None


def _one_line(reason: object) -> str:
    text = str(reason).strip().partition("\n")[0].rstrip(".!")
    return f"{text}." if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def keep_traceback(error: Exception, command: str) -> Path | None:
    """Add a traceback to a private log file and return its path; None when no file can be written.

    The file is ``SARAI_HOME/logs/errors.log``, or a new temporary one when that cannot be written.
    """
    for find_path in (_path_in_home, _temporary_path):
        with suppress(OSError, click.UsageError):
            if path := find_path():
                _append(path, error, command)
                return path
    return None


def _path_in_home() -> Path | None:
    """Return the path of the log in SARAI_HOME; None if there is no such folder, as a failure does not create it."""
    from warehouse.storage.permissions import create_folder

    settings = read_settings()
    if not settings.root.is_dir():
        return None
    create_folder(settings.logs)
    return settings.logs / "errors.log"


def _temporary_path() -> Path:
    handle, name = tempfile.mkstemp(prefix="sarai-", suffix=".log")
    os.close(handle)
    return Path(name)


class _ErrorLog(RotatingFileHandler):
    """A log file that raises OSError when it cannot be written; logging itself would print that."""

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging calls
        if error := sys.exception():
            raise error


def _append(path: Path, error: Exception, command: str) -> None:
    """Add a traceback to a log of at most 10 MiB, of which five old ones are kept; raises OSError."""
    from warehouse.storage.permissions import private_files
    from warehouse.text_table import PrintableFormatter

    failure = (type(error), error, error.__traceback__)
    record = logging.LogRecord("sarai", logging.ERROR, __file__, 0, "%s", (command,), failure)
    with private_files(), closing(_ErrorLog(path, maxBytes=10 << 20, backupCount=5, encoding="utf-8")) as log:
        log.setFormatter(PrintableFormatter("%(asctime)s %(message)s"))
        log.handle(record)
