"""The end of a run before its work is done: what really hangs is interrupted, and says what ended it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import making_what_is_cached
from filelock import FileLock

from expectations.gate.rules import Rule, Suite, query
from expectations.gate.verdicts import read_verdicts
from warehouse.storage.database import open_database, writing
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import ModelError, build_models, parse_project

pytestmark = pytest.mark.server

# More rows than any machine hashes in the time of a test.
ENDLESS = "select count(*) from range(1000000000000) as t(i) where hash(i) = 0"


def read_share(settings: Settings) -> None:
    """A share that is away: the call waits for bytes that nobody sends."""
    os.mkfifo(settings.root / "share")
    (settings.root / "share").read_text()


def wait_for_writer(settings: Settings) -> None:
    with FileLock(settings.lock), writing(settings):
        pass


def ask_endlessly(settings: Settings) -> None:
    with open_database(settings) as connection:
        connection.execute(ENDLESS)


def judge_endlessly(settings: Settings) -> None:
    """The gate takes other errors of a query for a rule that could not be evaluated."""
    rule = Rule("endless", "error", "never.", failing=query(f"select * from {{batch}} where id = ({ENDLESS})"))
    with open_database(settings) as connection:
        connection.execute("create schema audit; create table audit.t as select 1 as id")
        list(read_verdicts(connection, "audit", {"t": Suite("t", ("id",), (rule,))}))


def build_endlessly(settings: Settings) -> None:
    """DuckDB works in a thread of dbt, which takes what interrupts it for a failure of its own."""
    with open_database(settings) as connection:
        connection.execute("create schema seeds; create table seeds.months_spellings (spelling text, code text)")
        words = "'May' as name_en, 'май' as name_ru, '5' as code"
        connection.execute(f"create view seeds.months as select {words} where ({ENDLESS}) = 0")
    build_models(settings, "stg_month_words")


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt at SIGINT, also where the shell that started the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


HANGING = [read_share, wait_for_writer, ask_endlessly, judge_endlessly, build_endlessly]


@pytest.fixture(scope="module")
def _parsed() -> None:
    """Let dbt parse our project before: what is left to do until it hangs takes no time."""
    settings = Settings()
    with making_what_is_cached(settings):
        parse_project(settings)


@pytest.fixture
def settings(_parsed: None, tmp_path: Path) -> Settings:
    (tmp_path / "var").mkdir()
    return Settings(home=tmp_path / "var", run_timeout_s=1, threads=1)


def is_free(settings: Settings) -> bool:
    """Tell whether another program can write: the lock is open, and so is the database."""
    code = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table after (id int)')"
    with FileLock(settings.lock, timeout=0):
        return subprocess.run([sys.executable, "-c", code, str(settings.database)], check=False).returncode == 0


@pytest.mark.usefixtures("prefect_api")
@pytest.mark.parametrize("hang", HANGING)
def test_what_hangs_is_ended_at_its_limit(hang: Callable[[Settings], None], settings: Settings) -> None:
    from flows.runs.limits import RunTimeoutError, limited

    with pytest.raises(RunTimeoutError, match="longer than 1 seconds"), limited(settings):
        hang(settings)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert is_free(settings)


@pytest.mark.usefixtures("prefect_api", "_interruptible")
@pytest.mark.parametrize("hang", [read_share, wait_for_writer, build_endlessly])
def test_what_a_signal_raises_is_raised_again(hang: Callable[[Settings], None], settings: Settings) -> None:
    from flows.runs.limits import limited

    sender = threading.Timer(2, os.kill, [os.getpid(), signal.SIGINT])
    sender.start()
    with pytest.raises(KeyboardInterrupt), limited(settings.model_copy(update={"run_timeout_s": 60})):
        hang(settings)
    assert is_free(settings)


@pytest.mark.usefixtures("prefect_api")
def test_errors_of_a_run_that_nothing_ended_are_its_own(settings: Settings) -> None:
    from flows.runs.limits import limited

    with pytest.raises(ModelError), limited(settings):
        raise ModelError("a model is wrong")


@pytest.mark.usefixtures("prefect_api")
def test_what_no_signal_interrupts_is_ended_by_force(tmp_path: Path) -> None:
    code = (
        "import ctypes, flows.runs.limits as limits; from prefect import flow\n"
        "from warehouse.storage.settings import Settings\n"
        "limits._GRACE_S = 1\n"
        "@flow\n"
        "def stuck():\n"
        "    with limits.limited(Settings(run_timeout_s=1)):\n"
        "        mutex, lock = ctypes.create_string_buffer(64), ctypes.CDLL(None).pthread_mutex_lock\n"
        "        lock(mutex), lock(mutex)  # nobody opens it again\n"
        "stuck()"
    )
    environment = os.environ | {"SARAI_HOME": str(tmp_path / "var")}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, check=False, timeout=120)
    assert ended.returncode == 1
    [alert] = (tmp_path / "var" / "alerts").iterdir()
    assert "did not end within 1 seconds after SIGALRM" in alert.read_text()
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        states = {run.flow_id: run.state for run in client.read_flow_runs()}
    assert [state.name for state in states.values() if state and "after SIGALRM" in (state.message or "")] == [
        "Crashed"
    ]
