"""What a worker of a Dask cluster does: it says whether it may read, and reads files as this machine would.

It reads in a child process under the same limits; see warehouse.intake.reader_processes.
"""

import multiprocessing
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from warehouse.intake.landing import Reading, Request
from warehouse.intake.reader_processes import Limits, ReaderFault, read_here
from warehouse.storage.settings import Settings
from warehouse.storage.sources import sources_version

# What makes rows of bytes, besides our own sources; the version of DuckDB is part of theirs.
_TOOLS = ("python-calamine", "orjson", "rapidfuzz")
_DIGITS = 12


def reading_version() -> str:
    """Return what the rows of a file follow from: our sources with the questionnaire and codelists, and our tools."""
    sources_version.cache_clear()  # readers start from what lies there now
    tools = ", ".join(f"{tool} {version(tool)}" for tool in _TOOLS)
    own = sources_version(Settings().dbt_project)[:_DIGITS]
    return f"Sarai {own} on Python {platform.python_version()} with {tools}"


def refuse(expected: str, sign: str, mark: str) -> str | None:
    """Return why the worker that runs this must not read, and the next step; None if it may.

    ``expected`` is the version of reading; ``sign`` is the path of a file on the shared storage that holds ``mark``.
    They are texts, as a worker of another version closes when it gets a value of ours that it does not know.
    """
    folder = Path(sign).parent
    if multiprocessing.current_process().daemon:
        return (
            "It may not start a process for a reader: start it with DASK_DISTRIBUTED__WORKER__DAEMON=False in its "
            "environment, or with --no-nanny."
        )
    try:
        if Path(sign).read_text(encoding="ascii") != mark:
            return f"There, {folder} is another folder: mount the storage of SARAI_HOME at the same path."
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return (
            f"There, {folder} cannot be used ({error.strerror or error}): mount the storage of SARAI_HOME "
            "at the same path, and start the worker as the user that runs Sarai."
        )
    if (own := reading_version()) != expected:
        return f"There is {own}, and here is {expected}: install the same there, and start the worker again."
    return None


def read_batch(requests: Sequence[Request], limits: Limits) -> list[tuple[Reading, ...] | ReaderFault]:
    """Read files one after another, with the codelists of this machine; raises OSError.

    Their canonical files lie in a folder of this call alone, as a scheduler that lost sight of a worker lets another
    read the same files.
    """
    folder = Path(tempfile.mkdtemp(dir=requests[0].folder))
    codelists = Settings().codelists
    results = read_here([replace(one, folder=folder, codelists=codelists) for one in requests], limits, 1)
    return [_located(result) if isinstance(result, ReaderFault) else result for result in results]


def _located(fault: ReaderFault) -> ReaderFault:
    return replace(fault, reason=f"on {platform.node()} {fault.reason}")
