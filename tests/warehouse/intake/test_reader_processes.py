import os
import time
from pathlib import Path

import pytest
from made_requests import CONTENT, far_cell_with_false_dimension, request_for

from warehouse.findings.messages import describe_finding
from warehouse.intake.landing import Reading, Request
from warehouse.intake.reader_processes import Limits, ReaderFault, _readers, read_files
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

LIMITS = Limits(memory_mb=4096, timeout_s=120)


def readings(requests: list[Request], settings: Settings) -> list[Reading]:
    results = list(read_files(requests, settings))
    assert not [fault for fault in results if isinstance(fault, ReaderFault)]
    return [reading for parts in results if not isinstance(parts, ReaderFault) for reading in parts]


def environment_of_reader() -> list[str]:
    """What a child finds, in its variables and in what the kernel shows of its start."""
    return [*os.environ, *Path("/proc/self/environ").read_text().split("\0")]


def test_readers_find_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("SARAI_SIGNING_KEY", "SARAI_ALERT_WEBHOOK", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING")
    for name in secrets:
        monkeypatch.setenv(name, "hidden")
    with _readers(1, LIMITS) as pool:
        with _readers(1, LIMITS):
            pass  # another thread of a worker reads too, and is done earlier
        found = pool.schedule(environment_of_reader).result()
    assert "PATH" in found
    assert [name for name in found if name.startswith(secrets)] == []
    assert [os.environ[name] for name in secrets] == ["hidden"] * 4


def wait_in_vain() -> None:
    with _readers(1, LIMITS) as pool:
        pool.schedule(time.sleep, args=[600])
        raise KeyboardInterrupt


def test_a_run_that_is_ended_waits_for_no_file() -> None:
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        wait_in_vain()
    assert time.monotonic() - before < 300


def test_no_files_start_no_process() -> None:
    assert list(read_files([], Settings())) == []


def test_file_that_kills_its_reader_is_refused_alone(tmp_path: Path) -> None:
    requests = [
        request_for(tmp_path, "KAZ_2024-03.csv", CONTENT),
        request_for(tmp_path, "KAZ_2024-04.xlsx", far_cell_with_false_dimension(tmp_path)),
        request_for(tmp_path, "KAZ_2024-05.csv", CONTENT),
    ]
    first, killed, last = readings(requests, Settings(reader_memory_mb=1024, threads=2))
    assert [part.row_count for reading in (first, last) for part in reading.landings] == [1, 1]
    [finding] = killed.findings
    assert (finding.severity, finding.rule, killed.landings) == ("error", "file_unreadable", ())
    assert describe_finding(finding, "en", load_questionnaire()).startswith(
        "KAZ/KAZ_2024-04.xlsx: the file cannot be read: it needs more memory"
    )
    assert killed.submission.submission_id.startswith("KAZ-2024-04-")


def test_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    big = CONTENT + b"\n" + b"2024-05-01;heroin;1;kg\n" * 2_000_000  # an empty line: it is read row by row
    [reading] = readings([request_for(tmp_path, "KAZ_2024-05.csv", big)], Settings(reader_timeout_s=1))
    assert [(finding.rule, finding.arguments["seconds"]) for finding in reading.findings] == [("file_unreadable", 1)]


def test_fault_of_ours_in_one_file_does_not_stop_the_others(tmp_path: Path) -> None:
    no_folder = Request(**{**vars(request_for(tmp_path, "KAZ_2024-04.csv", CONTENT)), "folder": tmp_path / "missing"})
    failed, read = read_files([no_folder, request_for(tmp_path, "KAZ_2024-05.csv", CONTENT)], Settings(threads=1))
    assert isinstance(failed, ReaderFault)
    assert failed.reason.startswith("FileNotFoundError")
    assert isinstance(read, tuple)
    assert [part.row_count for reading in read for part in reading.landings] == [1]
