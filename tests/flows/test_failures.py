"""What a command prints when surroundings break, or when we do: one line with the next step, never a traceback."""

import errno
import gc
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from filelock import FileLock

from flows.commands.cli import main
from flows.commands.failures import describe_failure
from flows.runs.server import ServerError, server_errors
from warehouse.storage.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SARAI = [sys.executable, "-m", "flows.commands.cli"]
# Root may write everywhere until it gives up its capabilities.
WITHOUT_CAPABILITIES = ("setpriv", "--bounding-set=-all") if os.geteuid() == 0 else ()
CLOSED_PORT = "http://127.0.0.1:9"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A warehouse of its own and a folder for temporary files that nothing else uses."""
    (tmp_path / "tmp").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SARAI_", "PREFECT_"))}
    return kept | {"SARAI_HOME": str(tmp_path / "var"), "TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(ROOT)}


def logged(line: str) -> str:
    """Return the text of the log that a line names, after what every such line and log must be."""
    assert line.count("\n") == 1
    assert "Traceback" not in line
    named = re.search(r"Log: (\S+)\.\n$", line)
    assert named
    assert Path(named[1]).stat().st_mode & 0o077 == 0
    text = Path(named[1]).read_text(encoding="utf-8")
    assert "Traceback" in text
    return text


def failure(
    environment: dict[str, str], *arguments: str, prefix: tuple[str, ...] = (), stdout: int = subprocess.PIPE,
    before: Callable[[], None] | None = None,
) -> str:  # fmt: skip
    """Run a command that fails and return what it prints on standard error."""
    done = subprocess.run(
        [*prefix, *SARAI, *arguments], env=environment, cwd=environment["TMPDIR"], stdout=stdout,
        stderr=subprocess.PIPE, text=True, check=False, preexec_fn=before, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    return done.stderr


@pytest.fixture
def status_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What runs `sarai status` here, as a program costs a second, and returns how it says that it fails."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))

    def run() -> str:
        result = CliRunner().invoke(main, ["status"])
        assert (result.exit_code, result.stdout) == (1, "")
        return result.stderr

    return run


def test_no_space_for_a_file(environment: dict[str, str]) -> None:
    line = failure(environment, "template", "UZB", "--output", "/dev/full")
    assert "no space is left" in line
    assert "OSError: [Errno 28]" in logged(line)


def test_no_space_for_the_output(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        line = failure(environment, "status", stdout=full.fileno())
    assert "no space is left" in line
    assert logged(line)
    assert "var/logs/errors.log" in line


def test_no_space_for_the_database(environment: dict[str, str]) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    line = failure(environment, "status", before=limit)
    assert "no space is left" in line
    assert "duckdb" in logged(line)


@pytest.mark.parametrize("place", ["var", "tmp/form.xlsx"])
def test_permission_denied(environment: dict[str, str], tmp_path: Path, place: str) -> None:
    closed = (tmp_path / place).parent
    closed.chmod(0o500)
    command = ["template", "UZB", "--output", "form.xlsx"] if place.endswith("xlsx") else ["status"]
    line = failure(environment, *command, prefix=WITHOUT_CAPABILITIES)
    closed.chmod(0o700)
    assert "permission denied" in line
    assert Path(place).name in line


def test_a_file_in_the_place_of_the_home(status_fails: Callable[[], str], tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    line = status_fails()
    assert f"{tmp_path / 'var'}: a file lies where a folder is needed" in line
    assert "FileExistsError" in logged(line)
    assert str(tmp_path / "tmp") in line


def test_a_read_only_file_system() -> None:
    """Mounting one takes rights that a developer does not have."""
    line = describe_failure(OSError(errno.EROFS, os.strerror(errno.EROFS), "/srv/sarai"))
    assert line.startswith("/srv/sarai: the file system is read-only. ")
    assert "SARAI_HOME" in line


@pytest.mark.parametrize(
    ("number", "place"),
    [(errno.ENOSPC, "kits/draft"), (errno.EISDIR, "kits/draft"), (errno.ENOENT, "releases/1")],
)  # fmt: skip
def test_of_a_copy_the_place_is_named_where_something_is_to_be_done(number: int, place: str) -> None:
    line = describe_failure(OSError(number, os.strerror(number), "releases/1", None, "kits/draft"))
    assert line.startswith(f"{place}: ")


class Refusing(BaseHTTPRequestHandler):
    """A Prefect server that lets nobody in."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()


@contextmanager
def refusing_server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_prefect_server_that_does_not_answer(environment: dict[str, str]) -> None:
    url = CLOSED_PORT.replace("//", "//analyst:geheim@")
    line = failure(environment | {"PREFECT_API_URL": f"{url}/api?token=geheim"}, "ingest")
    assert line.startswith(f"Error: The Prefect server at {CLOSED_PORT}/api does not answer")
    assert "PREFECT_API_URL" in line
    assert "geheim" not in line
    assert line.count("\n") == 1


@pytest.mark.usefixtures("prefect_api")
def test_a_prefect_server_that_refuses(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its client raises in a command, it raises here, in a process that has imported Prefect already."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with refusing_server() as url:
        address = f"{url.replace('//', '//analyst:geheim@')}/api?token=geheim"
        monkeypatch.setenv("PREFECT_API_URL", address)
        with (
            temporary_settings({PREFECT_API_URL: address}), get_client(sync_client=True) as client,
            pytest.raises(ServerError) as refused, server_errors(settings),
        ):  # fmt: skip
            client.read_flow_runs()
    line = str(refused.value)
    assert line.startswith(f"The Prefect server at {url}/api refuses: 401 Unauthorized. ")
    assert "PREFECT_API_URL" in line
    assert "geheim" not in line
    assert line.count("\n") == 0


@pytest.mark.parametrize(
    ("encoding", "printed"),
    [("ascii", "Выпусков"), ("latin-1", "????????")],
    ids=["not configured", "Western letters"],
)
def test_a_terminal_that_cannot_print_a_letter(environment: dict[str, str], encoding: str, printed: str) -> None:
    done = subprocess.run(
        [*SARAI, "status", "--language", "ru"], env=environment | {"PYTHONIOENCODING": encoding}, capture_output=True,
        cwd=ROOT, check=True,
    )  # fmt: skip
    assert done.stderr == b""
    assert printed in done.stdout.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_check_and_leaves_nothing(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "UZB_2024-01.csv").write_text("Drug;Quantity;Unit\nOpium;1;kg\n", encoding="utf-8")
    command = subprocess.Popen(
        [*SARAI, "check", "UZB_2024-01.csv"], env=environment | {"SARAI_CACHE": str(tmp_path / "cache")},
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert command.stderr
    assert command.stderr.readline().startswith("Preparing an empty warehouse")
    while not list((tmp_path / "tmp").glob("sarai-*/warehouse.duckdb")):
        time.sleep(0.05)
    command.send_signal(number)
    _, line = command.communicate(timeout=60)
    assert command.returncode == 128 + number
    assert line == f"Stopped by {number.name}. What was there before stays; the next run does what was not done.\n"
    assert list((tmp_path / "tmp").iterdir()) == list((tmp_path / "cache").iterdir()) == []


def test_a_signal_ends_what_waits_for_another_writer(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with FileLock(tmp_path / "var" / "writer.lock"):
        command = subprocess.Popen([*SARAI, "rollback"], env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        time.sleep(2)
        command.terminate()
        _, line = command.communicate(timeout=60)
    assert command.returncode == 128 + signal.SIGTERM
    assert line.startswith("Stopped by SIGTERM.")


def test_a_damaged_working_database(status_fails: Callable[[], str], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "warehouse.duckdb").write_bytes(b"damaged" * 10_000)
    line = status_fails()
    assert "sarai restore" in line
    assert "warehouse.duckdb" in line
    assert logged(line)


def test_a_damaged_release(warehouse: Settings) -> None:
    marts = warehouse.releases / "current" / "marts.duckdb"
    content = marts.read_bytes()
    marts.unlink()
    marts.write_bytes(content[:20_000])
    result = CliRunner().invoke(main, ["query", "from rpt_seizures_by_month"])
    assert result.exit_code == 1
    assert "sarai rollback" in result.output
    assert logged(result.output)


def test_too_little_memory(status_fails: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_MEMORY_LIMIT", "1MB")
    line = status_fails()
    assert "Set SARAI_MEMORY_LIMIT higher" in line
    assert "OutOfMemory" in logged(line)


def test_a_reader_that_has_read_enough(environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    assert failure(environment, "status", stdout=writing) == ""
    os.close(writing)


def test_an_output_that_is_closed(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    line = failure(environment, "status", before=lambda: os.close(1))
    assert "a file lies where a folder is needed" in line
    assert logged(line)


def test_log_lines_that_nobody_reads_stop_no_work(environment: dict[str, str], tmp_path: Path) -> None:
    code = (
        "import logging, click; from pathlib import Path; from flows.commands.cli import main\n"
        "def work():\n"
        "    logging.getLogger('sarai').warning('begun'); logging.getLogger('sarai').warning('ended')\n"
        "    Path('done').touch()\n"
        "main.add_command(click.Command('work', callback=work)); main(['work'])"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "done").exists()


@contextmanager
def command(work: Callable[[], None]) -> Iterator[list[str]]:
    """A command that does this work; yields its arguments."""
    main.add_command(click.Command("work", callback=work))
    try:
        yield ["work"]
    finally:
        del main.commands["work"]


def fail() -> None:
    raise KeyError("nobody\nthought of this")


@pytest.mark.parametrize("home", ["folder", "absent", "without logs"])
def test_a_fault_of_ours(home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if home != "absent":
        (tmp_path / "var").mkdir()
    if home == "without logs":
        (tmp_path / "var" / "logs").write_text("no folder")
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with command(fail) as arguments:
        result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "fault of Sarai itself (KeyError)" in result.output
    assert "sarai work" in logged(result.output)
    assert ((tmp_path / "var" / "logs" / "errors.log").exists()) == (home == "folder")
    assert (tmp_path / "var").exists() == (home != "absent")


def test_a_fault_without_a_place_for_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with command(fail) as arguments:
        result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "Log: none" in result.output


def test_what_fails_in_a_thread_is_in_the_log_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()

    (tmp_path / "var").mkdir()
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    with command(work) as arguments:
        result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.output, capfd.readouterr().err) == (0, "", "")
    assert "KeyError" in (tmp_path / "var" / "logs" / "errors.log").read_text(encoding="utf-8")


class Unclosable:
    """What fails a second time when it is closed, as a file on a full disk does."""

    def __del__(self) -> None:
        raise OSError("not closed either")


def hold() -> None:
    """Fail, holding what is open and the failure itself, as code does that keeps its error for later."""
    kept: list[object] = [Unclosable()]
    try:
        fail()
    except KeyError as error:
        kept.append(error)
        raise


def hold_behind() -> None:
    try:
        hold()
    except KeyError:
        raise ValueError("this came of it") from None


@pytest.mark.parametrize("work", [hold, hold_behind])
def test_what_a_failure_kept_open_is_closed_and_a_second_one_is_in_the_log_alone(
    work: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    (tmp_path / "var").mkdir()
    gc.disable()
    try:
        with command(work) as arguments:
            result = CliRunner().invoke(main, arguments)
    finally:
        gc.enable()
    assert "OSError: not closed either" in logged(result.output)
    assert capfd.readouterr().err == ""


def test_the_log_of_errors_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "var" / "logs" / "errors.log"
    log.parent.mkdir(parents=True)
    log.write_text("x" * (10 << 20), encoding="utf-8")
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    with command(fail) as arguments:
        assert CliRunner().invoke(main, arguments).exit_code == 1
    assert log.stat().st_size < 10_000
    assert log.with_name("errors.log.1").stat().st_size == 10 << 20
