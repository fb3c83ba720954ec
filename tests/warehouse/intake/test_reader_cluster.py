"""Reading by the workers of a Dask cluster: one of them on this machine, and what can go wrong between machines."""

import logging
import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import dask
import duckdb
import hostile_documents
import hostile_texts
import hostile_workbooks
import pytest
from made_requests import CONTENT, far_cell_with_false_dimension, request_for

from warehouse.intake import reader_cluster
from warehouse.intake.cluster_worker import reading_version, refuse
from warehouse.intake.landing import MEMORY_MB, Landing, Reading, Request, read_file
from warehouse.intake.reader_cluster import _LIMIT, _trusted, read_by_workers
from warehouse.intake.reader_processes import Limits, ReaderFault, read_files
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from distributed import LocalCluster

PLAIN = CONTENT + b"2024-05-01;heroin;1;kg\n" * 12_000  # DuckDB reads it
LIMITS = Limits(memory_mb=1024, timeout_s=120)
NOBODY = "tcp://127.0.0.1:1"


@pytest.fixture(scope="module")
def cluster() -> "Iterator[LocalCluster]":
    """A worker that may start processes."""
    from distributed import LocalCluster  # here, as every process of the tests collects this module

    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with dask.config.set({"distributed.worker.daemon": False}), LocalCluster(**options) as made:
        yield made


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What Sarai has logged."""
    caplog.set_level(logging.INFO, "sarai")
    return lambda: [record.message for record in caplog.records if record.name == "sarai"]


def handful(folder: Path) -> list[Request]:
    """Files as they come: in bulk, of every format, and hostile."""
    hostile = [*hostile_texts.CASES[1::12], *hostile_documents.CASES[::12], *hostile_workbooks.CASES[1::12]]
    contents = {f"{number}.{case.file_name.rpartition('.')[2]}": case.content for number, case in enumerate(hostile)}
    return [request_for(folder, name, content) for name, content in {"KAZ_2024-01.csv": PLAIN, **contents}.items()]


def rows_of(part: Landing) -> object:
    if part.path.suffix == ".csv":
        return part.path.read_bytes()
    return duckdb.read_parquet(str(part.path)).fetchall()


def outcome(reading: Reading) -> object:
    """What a reading says and holds, wherever its canonical files lie."""
    parts = [(replace(part, path=Path()), rows_of(part)) for part in reading.landings]
    return reading.submission, reading.findings, reading.replies, parts


def test_workers_read_what_is_read_here(
    cluster: "LocalCluster", tmp_path: Path, lines: Callable[[], list[str]]
) -> None:
    killer = request_for(tmp_path, "KAZ_2024-02.xlsx", far_cell_with_false_dimension(tmp_path))
    requests = handful(tmp_path)
    assert len(requests) > 20
    settings = Settings(dask=cluster.scheduler_address, reader_memory_mb=1024)
    found = list(read_files([killer, *requests], settings))
    *readings, killed = (reading for parts in found if not isinstance(parts, ReaderFault) for reading in parts)
    # The limits are the same there, but only what this machine refuses is refused.
    assert lines() == [
        f"{len(requests)} of {len(requests) + 1} files were read by 1 worker.",
        f"Read here: KAZ/KAZ_2024-02.xlsx: {_LIMIT}.",
    ]
    assert [finding.arguments[MEMORY_MB] for finding in killed.findings] == [1024]
    here = {request.file_name: outcome(read_file(request)) for request in requests}
    assert {reading.submission.file_name: outcome(reading) for reading in readings} == here


def test_a_worker_that_does_not_answer_reads_nothing(
    cluster: "LocalCluster", tmp_path: Path, lines: Callable[[], list[str]]
) -> None:
    from distributed import Client

    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    patience = {"distributed.comm.timeouts.connect": "600ms"}
    with Client(cluster.scheduler_address, set_as_default=False) as client, dask.config.set(patience):
        busy = client.submit(time.sleep, 1)
        assert list(read_by_workers([request], cluster.scheduler_address, LIMITS)) == []
        busy.result()
    silent, unused = lines()
    assert re.fullmatch(
        r"Workers that read nothing in this run: tcp://\S+. No answer came within 0.6 seconds: .*", silent
    )
    assert unused.endswith("does not read: it has no worker that can.")


def test_a_worker_without_sarai_or_with_another_is_named(
    cluster: "LocalCluster", tmp_path: Path, lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_cluster, "_REFUSE", "warehouse.intake.of_another_version:refuse")
    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    assert list(read_by_workers([request], cluster.scheduler_address, LIMITS)) == []
    named, _ = lines()
    assert ". There is no Sarai, or another (ModuleNotFoundError: No module named 'warehouse.intake.of" in named


def when_reading(folder: Path, action: Callable[[], None]) -> threading.Thread:
    """Do something as soon as a worker has begun with a batch."""

    def wait() -> None:
        until = time.monotonic() + 60
        while not any(path.is_dir() for path in folder.iterdir()) and time.monotonic() < until:
            time.sleep(0.01)
        action()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.fixture
def worker(cluster: "LocalCluster") -> int:
    """The number of the worker's process."""
    from distributed import Client

    cluster.wait_for_workers(1)
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        [process] = client.run(os.getpid).values()
    return int(process)


def test_what_a_worker_that_hangs_has_not_read_is_read_here(
    cluster: "LocalCluster", worker: int, tmp_path: Path, lines: Callable[[], list[str]]
) -> None:
    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    stopping = when_reading(tmp_path, lambda: os.kill(worker, signal.SIGSTOP))
    with dask.config.set({"distributed.comm.timeouts.connect": "1500ms"}):
        assert list(read_by_workers([request], cluster.scheduler_address, Limits(1024, 0.5))) == []
    stopping.join()
    os.kill(worker, signal.SIGCONT)
    assert lines() == [
        "0 of 1 files were read by 1 worker.",
        "Read here: KAZ/KAZ_2024-01.csv: nothing came back for 2 seconds; look whether workers hang.",
    ]


def cut_off_clients(cluster: "LocalCluster") -> None:
    for connection in cluster.scheduler.client_comms.values():
        connection.abort()


def test_when_the_scheduler_is_lost_the_rest_is_read_here(
    cluster: "LocalCluster", tmp_path: Path, lines: Callable[[], list[str]]
) -> None:
    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    cutting = when_reading(tmp_path, lambda: cluster.loop.add_callback(cut_off_clients, cluster))
    assert list(read_by_workers([request], cluster.scheduler_address, LIMITS)) == []
    cutting.join()
    assert lines() == [
        "0 of 1 files were read by 1 worker.",
        "Read here: KAZ/KAZ_2024-01.csv: the connection to the scheduler was lost; its log says more.",
    ]


def test_files_of_a_worker_that_is_killed_are_read_here(
    cluster: "LocalCluster", worker: int, tmp_path: Path, lines: Callable[[], list[str]]
) -> None:
    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    killing = when_reading(tmp_path, lambda: os.kill(worker, signal.SIGKILL))
    assert list(read_by_workers([request], cluster.scheduler_address, LIMITS)) == []
    killing.join()
    assert lines() == [
        "0 of 1 files were read by 1 worker.",
        "Read here: KAZ/KAZ_2024-01.csv: all workers are gone; their logs say more.",
    ]


def test_without_a_scheduler_files_are_read_here(tmp_path: Path, lines: Callable[[], list[str]]) -> None:
    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    with dask.config.set({"distributed.comm.timeouts.connect": "100ms"}):
        assert list(read_by_workers([request], NOBODY, LIMITS)) == []
    [line] = lines()
    assert line.startswith(f"The cluster at {NOBODY}, which SARAI_DASK names, does not read: its scheduler does not")


def test_without_distributed_files_are_read_here(
    tmp_path: Path, lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    assert list(read_by_workers([request], NOBODY, LIMITS)) == []
    [line] = lines()
    assert line.endswith("does not read: distributed is not installed. Install requirements-dask.lock.")


def test_a_worker_refuses_what_would_not_be_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another storage, another version of Sarai or of the questionnaire, or no way to limit a reader."""
    sign = tmp_path / "sign"
    sign.write_text("mark")
    assert refuse(reading_version(), str(sign), "mark") is None
    other_version = refuse("Sarai 0123456789ab on Python 3.12.1", str(sign), "mark")
    assert str(other_version).startswith(f"There is {reading_version()}, and here is Sarai 0123456789ab on Python 3.12")
    assert str(refuse(reading_version(), str(sign), "other")).startswith(
        f"There, {tmp_path} is another folder: mount the "
    )
    nowhere = refuse(reading_version(), str(tmp_path / "none" / "sign"), "mark")
    assert str(nowhere).startswith(f"There, {tmp_path / 'none'} cannot be used (No such file or directory): mount")
    monkeypatch.setattr(multiprocessing.current_process(), "_config", {"daemon": True})
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in str(refuse(reading_version(), str(sign), "mark"))


def test_what_a_worker_did_not_write_here_is_read_here(tmp_path: Path) -> None:
    request = request_for(tmp_path, "KAZ_2024-01.csv", CONTENT)
    reading = read_file(request)
    assert _trusted(request, (reading,)) == (reading,)
    [part] = reading.landings
    for path in (tmp_path / "missing.csv", tmp_path.parent / "x", request.folder / ".." / "y"):
        path.parent.mkdir(exist_ok=True)
        if path.name != "missing.csv":
            path.touch()
        elsewhere = replace(reading, landings=(replace(part, path=path),))
        assert str(_trusted(request, (reading, elsewhere))).startswith("what a worker wrote is not here")
