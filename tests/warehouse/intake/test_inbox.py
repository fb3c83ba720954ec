"""The inbox: which files wait, under which name, and that none of them stops another."""

import errno
import inspect
import os
import sys
import time
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from conftest import fill_inbox

from flows.steps import begin_run, receive
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.intake.arrivals import Arrival, describe_passed_over, find_arrivals
from warehouse.intake.inbox import Known, ReceivedFile, receive_files
from warehouse.intake.submission import Subject
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings
from warehouse.storage.vault import vault_path

MEMBERS = ("KAZ", "UZB")
KAZ, NONE = frozenset[Subject]({("KAZ", None)}), frozenset[Subject]()
RECEIVED_AT = datetime(2024, 2, 1, 8, 0)


def names(*paths: Path, inbox: Path | None = None) -> list[str]:
    return [arrival.name for arrival in find_arrivals(paths, MEMBERS, inbox or paths[0] / "elsewhere").arrivals]


def test_a_file_is_named_from_the_folder_that_holds_its_country(tmp_path: Path) -> None:
    fill_inbox(tmp_path, {"KAZ/a.csv": "1", "KAZ/2024/b.csv": "2", "uzb/c.csv": "3", "d.csv": "4"})
    every = ["KAZ/2024/b.csv", "KAZ/a.csv", "d.csv", "uzb/c.csv"]
    assert names(tmp_path) == every
    assert names(tmp_path, tmp_path / "KAZ" / "a.csv") == every
    assert names(tmp_path / "KAZ") == ["KAZ/2024/b.csv", "KAZ/a.csv"]
    assert names(tmp_path / "KAZ" / "2024" / "b.csv", tmp_path / "d.csv") == ["KAZ/2024/b.csv", "d.csv"]


def test_what_is_no_submission_is_passed_over_and_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("not sent")
    inbox = tmp_path / "inbox"
    passed = (
        "~$a.xlsx",
        ".hidden",
        "a.csv.part",
        "b.filepart",
        "c.TMP",
        ".git/c",
        "~$d/d",
        "x.tmp/x",
        "e.csv~",
        "f.csv.download/f",
        "g.csv.OLD",
        "Thumbs.db",
        "@eaDir/g.csv",
    )
    fill_inbox(inbox, {f"KAZ/{name}": "x" for name in passed})
    (inbox / "KAZ" / "link.csv").symlink_to(secret)
    (inbox / "KAZ" / "gone.csv").symlink_to(tmp_path / "nothing")
    (inbox / "UZB").symlink_to(tmp_path)
    os.mkfifo(inbox / "KAZ" / "pipe.csv")  # reading it would wait for ever
    alone = find_arrivals([inbox / "KAZ" / "pipe.csv"], MEMBERS, inbox)
    assert (alone.arrivals, alone.problems, alone.passed_over) == ([], [], {"KAZ/pipe.csv": "no file"})
    found, unfinished = find_arrivals([inbox], MEMBERS, inbox), "unfinished or a backup"
    assert (found.arrivals, found.problems) == ([], [])
    assert found.passed_over == {
        "KAZ/.git": "hidden", "KAZ/.hidden": "hidden", "KAZ/a.csv.part": unfinished, "KAZ/b.filepart": unfinished,
        "KAZ/c.TMP": unfinished, "KAZ/e.csv~": unfinished, "KAZ/f.csv.download": unfinished, "KAZ/~$d": unfinished,
        "KAZ/x.tmp": unfinished, "KAZ/gone.csv": "a link", "KAZ/link.csv": "a link", "KAZ/pipe.csv": "no file",
        "KAZ/~$a.xlsx": unfinished, "UZB": "a link", "KAZ/g.csv.OLD": unfinished, "KAZ/Thumbs.db": "of the system",
        "KAZ/@eaDir": "of the system",
    }  # fmt: skip
    assert describe_passed_over({"a\n": "hidden", "b": "no file"}, "ru") == (
        "Пропущено имён: 2, а именно a\\n (скрытый файл), b (не файл)."
    )


def test_folders_nested_without_end_keep_no_other_file_from_being_found(tmp_path: Path) -> None:
    fill_inbox(tmp_path, {"UZB/a/b.csv": "1", "KAZ/c.csv": "2"})
    inner = os.open(tmp_path / "UZB", os.O_RDONLY)
    for _ in range(260):  # at the end longer than a path can be
        os.mkdir("nested_in_itself", dir_fd=inner)
        outer, inner = inner, os.open("nested_in_itself", os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    os.close(inner)
    most = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    try:
        found = find_arrivals([tmp_path], MEMBERS, tmp_path)
    finally:
        sys.setrecursionlimit(most)
    assert [arrival.name for arrival in found.arrivals] == ["KAZ/c.csv", "UZB/a/b.csv"]
    (problem,) = found.problems
    assert "the folder cannot be listed (File name too long)" in message_of(problem)


class Unknown:
    """An entry of a file system that does not say what it is, in a folder that may only be listed."""

    name = "a.csv"

    def is_symlink(self) -> bool:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_file_that_may_not_be_looked_at_is_left_to_be_received(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "KAZ").mkdir()
    monkeypatch.setattr(os, "scandir", lambda _: nullcontext([Unknown()]))
    assert names(tmp_path / "KAZ") == ["KAZ/a.csv"]


def test_a_file_larger_than_any_report_is_not_copied(settings: Settings, tmp_path: Path) -> None:
    fill_inbox(settings.inbox, {"KAZ/a.csv": "one", "KAZ/holes.csv": ""})
    os.truncate(settings.inbox / "KAZ" / "holes.csv", 1_000_000_001)
    os.utime(settings.inbox / "KAZ" / "holes.csv", (0, 0))
    arrivals = find_arrivals([settings.inbox], MEMBERS, settings.inbox).arrivals
    receipt = receive_files(arrivals, settings, Known(), RECEIVED_AT, tmp_path)
    assert [request.file_name for request in receipt.requests] == ["KAZ/a.csv"]
    assert [message_of(problem) for problem in receipt.problems] == [
        (
            "KAZ/holes.csv: the file was not read: it has 1000 MB, and no report needs more than 1000 MB. Ask its "
            "sender for the table alone, as XLSX or CSV."
        )
    ]
    assert sum(path.is_file() for path in settings.vault.rglob("*")) == 1


def test_what_is_passed_over_is_counted_and_a_closed_folder_is_a_problem(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill_inbox(settings.inbox, {"KAZ/a.csv": "one", "TJK/b.csv": "two", **{f"UZB/.{n}": "x" for n in range(7)}})
    (settings.inbox / "ZZZ").symlink_to(tmp_path)
    scan = os.scandir

    def closed(path: str) -> object:  # root may list every folder
        if str(path).endswith("TJK"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    with caplog.at_level("INFO", "sarai"):
        receipt = receive(begin_run(settings), [settings.inbox], tmp_path)
    assert (receipt.passed_over, [request.file_name for request in receipt.requests]) == (8, ["KAZ/a.csv"])
    closed_folder = "TJK: the folder cannot be listed (Permission denied), so nothing in it is read."
    assert [message_of(problem).startswith(closed_folder) for problem in receipt.problems] == [True]
    assert caplog.messages[:2] == [
        "Found 1 files: 1 new, 0 known.",
        (
            "Passed over 8 names: ZZZ (a link), UZB/.0 (hidden), UZB/.1 (hidden), UZB/.2 (hidden), UZB/.3 (hidden) "
            "and 3 more. A link is not followed: mount the folder there, or name it after the command."
        ),
    ]


def test_a_name_in_another_alphabet_can_be_stored(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path / "KAZ") + b"/\xce\xf2\xf7\xe5\xf2.csv"
    (tmp_path / "KAZ").mkdir()
    Path(os.fsdecode(path)).write_text("x")
    (name,) = names(tmp_path)
    assert name.encode("utf-8").endswith(b".csv")


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Name a file, or a folder"):
        names(tmp_path / "nothing")


def test_new_bytes_go_to_the_vault_and_known_ones_are_passed_over(settings: Settings, tmp_path: Path) -> None:
    fill_inbox(settings.inbox, {"KAZ/a.csv": "one", "KAZ/b.csv": "two"})
    arrivals = find_arrivals([settings.inbox], MEMBERS, settings.inbox).arrivals
    first = receive_files(arrivals, settings, Known(), RECEIVED_AT, tmp_path)
    assert [(r.file_name, r.byte_count, r.received_at) for r in first.requests] == [
        ("KAZ/a.csv", 3, RECEIVED_AT), ("KAZ/b.csv", 3, RECEIVED_AT),
    ]  # fmt: skip
    assert vault_path(settings.vault, first.requests[0].sha256).read_text() == "one"
    lying = ReceivedFile(RECEIVED_AT, first.requests[0].modified_at, False, KAZ, KAZ, NONE, NONE)  # noqa: FBT003
    known = Known({(first.requests[0].sha256, "KAZ/a.csv"): lying, (first.requests[1].sha256, "KAZ/x.csv"): lying})
    second = receive_files(arrivals, settings, known, RECEIVED_AT, tmp_path)
    assert ([r.file_name for r in second.requests], second.known_names) == (["KAZ/b.csv"], ["KAZ/a.csv"])


def test_two_files_of_one_name_and_content_are_no_copies_at_each_run(settings: Settings, tmp_path: Path) -> None:
    for name in (b"\xdf.csv", b"\xd4.csv"):  # bytes that are no letters look alike
        path = Path(os.fsdecode(os.fsencode(settings.inbox / "KAZ") + b"/" + name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
        os.utime(path, (0, name[0]))
    arrivals = find_arrivals([settings.inbox], MEMBERS, settings.inbox).arrivals
    first = receive_files(arrivals, settings, Known(), RECEIVED_AT, tmp_path)
    key = (first.requests[0].sha256, first.requests[0].file_name)
    lying = ReceivedFile(RECEIVED_AT, first.requests[0].modified_at, False, KAZ, KAZ, NONE, NONE)  # noqa: FBT003
    second = receive_files(arrivals, settings, Known({key: lying}), RECEIVED_AT, tmp_path)
    assert (len(first.requests), second.requests, second.copies) == (2, [], [])


def message_of(problem: Finding) -> str:
    return describe_finding(problem, "en", load_questionnaire())


def test_a_file_that_vanished_stops_no_other(settings: Settings, tmp_path: Path) -> None:
    fill_inbox(settings.inbox, {"KAZ/a.csv": "one"})
    gone = Arrival(settings.inbox / "KAZ" / "gone.csv", "KAZ/gone.csv", settings.inbox)
    arrivals = [gone, *find_arrivals([settings.inbox], MEMBERS, settings.inbox).arrivals]
    receipt = receive_files(arrivals, settings, Known(), RECEIVED_AT, tmp_path)
    assert [r.file_name for r in receipt.requests] == ["KAZ/a.csv"]
    (problem,) = receipt.problems
    assert message_of(problem).startswith("KAZ/gone.csv: the file could not be copied (No such file or directory).")


def test_a_file_still_being_written_waits_for_the_next_run(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_inbox(settings.inbox, {"KAZ/a.csv": "one", "KAZ/b.csv": "half"})
    growing = settings.inbox / "KAZ" / "b.csv"
    growing.touch()
    waited: list[float] = []

    def write_on(seconds: float) -> None:
        waited.append(seconds)
        growing.write_text("half and half")

    monkeypatch.setattr(time, "sleep", write_on)
    receipt = receive_files(
        find_arrivals([settings.inbox], MEMBERS, settings.inbox).arrivals, settings, Known(), RECEIVED_AT, tmp_path
    )
    assert [r.file_name for r in receipt.requests] == ["KAZ/a.csv"]
    assert [message_of(problem) for problem in receipt.problems] == [
        "KAZ/b.csv: the file is still being written. The next run reads it."
    ]
    assert 1.5 < waited[0] <= 2


def test_no_folder_above_the_inbox_says_a_country(tmp_path: Path) -> None:
    home = tmp_path / "uzb" / "sarai"
    fill_inbox(home / "inbox", {"KAZ/drop/a.csv": "1", "b.csv": "2"})
    assert names(home / "inbox", inbox=home / "inbox") == ["KAZ/drop/a.csv", "b.csv"]
    every = names(home / "inbox" / "KAZ" / "drop", home / "inbox" / "b.csv", inbox=home / "inbox")
    assert every == ["KAZ/drop/a.csv", "b.csv"]
    assert names(home / "inbox") == ["KAZ/drop/a.csv", "b.csv"]
    (tmp_path / "link").symlink_to(tmp_path / "uzb")  # the inbox itself may be a shared folder elsewhere
    fill_inbox(tmp_path / "uzb", {"c.csv": "3"})
    assert "c.csv" in names(tmp_path / "link", inbox=tmp_path / "link")


@pytest.mark.parametrize("place", ["KAZ/a.csv", "KAZ"])
@pytest.mark.parametrize("by", ["link", "pipe", "folder"])
@pytest.mark.parametrize("is_listed_before", [True, False])
def test_what_takes_the_place_of_a_file_meanwhile_is_not_received(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, by: str, *, is_listed_before: bool
) -> None:
    fill_inbox(settings.inbox, {"KAZ/a.csv": "one", "UZB/b.csv": "two"})
    fill_inbox(tmp_path / "secrets", {"KAZ/a.csv": "ours"})
    arrivals = find_arrivals([settings.inbox], MEMBERS, settings.inbox).arrivals
    target = settings.inbox / place

    def replace(_: float) -> None:
        target.rename(tmp_path / "moved")
        if by == "link":
            target.symlink_to(tmp_path / "secrets" / place)
        elif by == "pipe":
            os.mkfifo(target)
        else:
            target.mkdir()

    if is_listed_before:
        replace(0)
    else:
        monkeypatch.setattr(time, "sleep", replace)
    receipt = receive_files(arrivals, settings, Known(), RECEIVED_AT, tmp_path)
    assert [r.file_name for r in receipt.requests] == ["UZB/b.csv"]
    assert [problem.arguments["file_name"] for problem in receipt.problems] == ["KAZ/a.csv"]
    assert [path.read_text() for path in settings.vault.rglob("*") if path.is_file()] == ["two"]
