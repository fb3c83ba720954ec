"""The deployments of prefect.yaml as operators meet them: a real Prefect server, and a worker that takes their runs."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import duckdb
import pytest
import yaml
from conftest import Warehouse, copy_warehouse, fill_inbox
from filelock import FileLock
from webhook import webhook

from warehouse.releases.catalogue import list_releases
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.settings import Settings
from warehouse.transform.parsed_project import project_version

ROOT = Path(__file__).resolve().parents[2]
PREFECT = """
import sys
from prefect.cli import app
for command in sys.argv[1:]:
    sys.argv = ["prefect", "--no-prompt", *command.split()]
    try:
        app()
    except SystemExit as ended:
        if ended.code:
            raise
"""
COMMANDS = """
import sys
from flows.commands.cli import main
for command in sys.argv[1:]:
    try:
        main([command])
    except SystemExit as ended:
        print(ended.code, flush=True)
"""
WORKER = ["worker", "start", "--pool", "sarai", "--limit", "1"]


def wait_for(happened: Callable[[], Any], seconds: float = 120, pause_s: float = 0.5) -> Any:
    """Ask again and again until the answer is a yes, and return it."""
    deadline = time.monotonic() + seconds
    while not (answer := happened()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(pause_s)
    return answer


def processes_of(home: Path) -> list[str]:
    """Return the programs whose environment names this folder of state, but for workers: runs and their readers."""
    sign = f"SARAI_HOME={home}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if sign in (folder / "environ").read_bytes() and "worker start" not in command:
                found.append(command)
        except OSError:
            continue  # it has ended meanwhile, or is not ours
    return found


@dataclass(frozen=True)
class Server:
    """A Prefect server with the deployments of prefect.yaml, for a warehouse of its own."""

    settings: Settings
    api: str
    environment: dict[str, str]
    hook: list[dict[str, str]]

    def ask(self, path: str, **question: Any) -> Any:
        """Post a question to the API, or get the address when there is none."""
        data = json.dumps(question).encode() if question else None
        request = Request(f"{self.api}/{path}", data=data, headers={"Content-Type": "application/json"})  # noqa: S310
        while True:
            try:
                with urlopen(request, timeout=30) as answer:  # noqa: S310 - this machine
                    return json.load(answer)
            except HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE:  # it has too much to do, as its clients know
                    raise
            time.sleep(1)

    def prefect(self, *commands: str) -> None:
        """Run commands of Prefect one after the other, in one process: each imports for seconds."""
        command = [sys.executable, "-c", PREFECT, *commands]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, deployment: str, environment: dict[str, str] | None = None, **parameters: Any) -> str:
        """Ask for a run, as `prefect deployment run` does, and return its id."""
        found = self.ask(f"deployments/name/{deployment}")
        variables = {"env": found["job_variables"]["env"] | (environment or {})}
        asked = {"parameters": found["parameters"] | parameters, "job_variables": variables}
        run: str = self.ask(f"deployments/{found['id']}/create_flow_run", **asked)["id"]
        return run

    def state(self, run: str) -> str:
        state: str = self.ask(f"flow_runs/{run}")["state"]["name"]
        return state

    def cancel(self, run: str) -> None:
        """Ask for the end of a run, as `prefect flow-run cancel` does."""
        self.ask(f"flow_runs/{run}/set_state", state={"type": "CANCELLING"})

    def ended(self, run: str, seconds: float = 120) -> str:
        """Wait until a run has ended, and return how."""
        final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        wait_for(lambda: self.ask(f"flow_runs/{run}")["state_type"] in final, seconds, pause_s=1)
        return self.state(run)

    def tasks(self, run: str) -> list[tuple[str, str, int]]:
        """Return task, state and how often it was tried, for each task of a run."""
        found = self.ask("task_runs/filter", flow_runs={"id": {"any_": [run]}}, sort="EXPECTED_START_TIME_ASC")
        return [(task["name"].rsplit("-", 1)[0], task["state_name"], task["run_count"]) for task in found]

    def alerts(self, run: str) -> list[dict[str, str]]:
        """Return what the files of alerts say of a run."""
        told = [json.loads(path.read_text()) for path in sorted((self.settings.root / "alerts").glob("*.json"))]
        return [alert for alert in told if alert["run_id"] == run]

    def is_left_clean(self) -> None:
        """Assert that a run that was ended holds nothing any more and left nothing half done."""
        wait_for(lambda: not processes_of(self.settings.root), 40)
        with FileLock(self.settings.lock, timeout=0):
            pass
        assert reconcile(self.settings) == []
        assert [release.number for release in list_releases(self.settings)] == [1]


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a program of Prefect and stop it for sure."""
    with log.open("a") as output:
        program = subprocess.Popen(
            [sys.executable, "-m", "prefect", *command], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            yield program
        finally:
            program.terminate()
            try:
                program.wait(timeout=60)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def begin_with_the_database_that_is_kept(home: Path) -> None:
    """Copy what the server of the run has migrated: Prefect would take five seconds of processor time for it again."""
    [kept] = (Settings().cache / "prefect").glob("*.db")
    home.mkdir()
    shutil.copyfile(kept, home / "prefect.db")


@pytest.fixture(scope="module")
def server(published: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("operated")
    settings = copy_warehouse(published.settings, folder / "var")
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SARAI_HOME"))}
    environment |= {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # no run starts but those that a test asks for
        # What looks every few seconds for runs that are late or paused, and for workers that are away.
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
        # Types of blocks are for credentials and storage, of which the deployments have none.
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
    }
    begin_with_the_database_that_is_kept(folder / "prefect")
    command = ["server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with webhook() as (address, hook), running(command, environment, folder / "server.log"):
        runs = environment | {"SARAI_HOME": str(settings.root), "SARAI_ALERT_WEBHOOK": address}
        started = Server(settings, environment["PREFECT_API_URL"], runs, hook)

        def answers() -> bool:
            try:
                return started.ask("health") is True
            except (URLError, ConnectionError):
                return False

        wait_for(answers, 180)
        started.prefect(
            "work-pool create sarai --type process", "work-pool set-concurrency-limit sarai 1", "deploy --all",
            "automation create --from-file automations.yaml",
        )  # fmt: skip
        yield started


@pytest.fixture(scope="module")
def worker(server: Server) -> Iterator["subprocess.Popen[bytes]"]:
    with running(WORKER, server.environment, server.settings.root.with_name("worker.log")) as started:
        yield started


def test_every_deployment_takes_one_run_at_a_time(server: Server) -> None:
    deployments = server.ask("deployments/filter", limit=10)
    limits = {each["name"]: each["global_concurrency_limit"]["limit"] for each in deployments}
    after = dict.fromkeys(("after-publication", "kits-after-publication", "bulletin-after-publication"), 1)
    asked = {each["name"]: set(each["parameter_openapi_schema"]["properties"]) for each in deployments}
    assert (asked["inbox"], asked["nightly"], asked["reminders"]) == ({"paths"}, {"as_of", "full"}, {"day"})
    assert limits == {"inbox": 1, "nightly": 1, "reminders": 1, "morning": 1, **after}


def test_a_run_of_publish_that_completes_starts_those_that_serve_and_make_kits_and_a_bulletin(server: Server) -> None:
    """The worker starts later than these are ended: other modules show what they do."""
    published, failed, reminded = (
        server.ask("flow_runs/", flow_id=server.ask(f"flows/name/{name}")["id"])["id"]
        for name in ("publish", "publish", "remind")
    )
    for run, state in ((reminded, "COMPLETED"), (failed, "FAILED"), (published, "COMPLETED")):
        server.ask(f"flow_runs/{run}/set_state", state={"type": state}, force=True)
    for name in ("serve/after-publication", "kits/kits-after-publication", "bulletin/bulletin-after-publication"):
        deployment = server.ask(f"deployments/name/{name}")["id"]
        [run] = wait_for(partial(server.ask, "flow_runs/filter", deployments={"id": {"any_": [deployment]}}))
        server.ask(f"flow_runs/{run['id']}/set_state", state={"type": "CANCELLED"}, force=True)


@pytest.mark.usefixtures("worker")
def test_a_run_that_fails_is_told(server: Server) -> None:
    """What a closed gate tells is shown by tests/warehouse/ledger/test_waivers.py."""
    publish = server.start("publish/nightly", {"SARAI_SIGNING_KEY": "none"})
    assert server.ended(publish) == "Failed"
    [alert] = server.alerts(publish)
    assert "SARAI_SIGNING_KEY" in alert.pop("reason")
    assert (alert["flow"], alert["state"]) == ("publish", "Failed")
    assert server.hook == [alert]
    server.is_left_clean()


@pytest.fixture
def hanging(server: Server, tmp_path: Path) -> dict[str, str]:
    """What makes a run hang as on a share that is away: a new report lets it stage, from a pipe that nobody writes."""
    parsed = tmp_path / "cache" / "parsed"
    parsed.mkdir(parents=True)
    os.mkfifo(parsed / f"{project_version(Settings().dbt_project)}.msgpack")
    number = len(list(server.settings.inbox.glob("TJK/TJK_2023-*"))) + 1
    report = f"Record number,Date of seizure,Drug,Quantity,Unit\nT1,2023-{number:02}-03,Heroin,1,kg\n"
    fill_inbox(server.settings.inbox, {f"TJK/TJK_2023-{number:02}.csv": report})
    return {"SARAI_CACHE": str(tmp_path / "cache")}


def test_a_run_that_is_cancelled_or_loses_its_worker_leaves_the_place_to_the_next(
    server: Server, worker: "subprocess.Popen[bytes]", hanging: dict[str, str], tmp_path: Path
) -> None:
    """A held database is tried again first.

    Prefect kills the run of a worker that ends and tells nobody, so the server has to notice.
    """
    [automation] = yaml.safe_load((ROOT / "automations.yaml").read_bytes())["automations"]
    server.ask("automations/", **automation | {"trigger": automation["trigger"] | {"within": 40}})
    with duckdb.connect(str(server.settings.database)):
        first = server.start("ingest/inbox", hanging)
        wait_for(lambda: ("receive", "AwaitingRetry", 1) in server.tasks(first), pause_s=0.2)  # it lasts two seconds
    wait_for(lambda: ("land", "Completed", 1) in server.tasks(first))
    [count] = [count for name, state, count in server.tasks(first) if (name, state) == ("receive", "Completed")]
    assert count > 1
    second = server.start("ingest/inbox", hanging)
    time.sleep(3)
    assert server.state(second) in ("Scheduled", "Late", "Pending", "Submitting", "AwaitingConcurrencySlot")
    server.cancel(first)
    assert server.ended(first) == "Cancelled"
    wait_for(lambda: server.tasks(second) == [("stage", "Running", 1)])  # it decides first what the first has landed
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=90)
    assert server.state(second) == "Running"
    server.is_left_clean()
    assert server.ended(second, 300) == "Crashed"
    third = server.start("ingest/inbox", paths=[str(server.settings.inbox / "KAZ")])
    with running(WORKER, server.environment, tmp_path / "worker.log"):
        assert server.ended(third) == "Completed"
        server.is_left_clean()  # and has sent its logs
    assert not list(server.settings.root.glob(".sarai-reading-*"))
    assert [server.alerts(run) for run in (first, second, third)] == [[], [], []]
    assert server.tasks(third) == [  # it decides what the first has landed, and finds nothing else
        (name, "Completed", 1) for name in ("stage", "check", "decide", "receive", "land", "answer")
    ]
    logs = server.ask("logs/filter", logs={"flow_run_id": {"any_": [third]}}, limit=200)
    assert any("Found 2 files: 0 new, 2 known." in entry["message"] for entry in logs)


def test_a_command_that_is_stopped_says_so_in_a_line(server: Server, hanging: dict[str, str]) -> None:
    """One program starts it for one signal after the other: each would import for seconds."""
    stopped = (signal.SIGINT, signal.SIGTERM)
    command = subprocess.Popen(
        [sys.executable, "-c", COMMANDS, *("ingest" for _ in stopped)], cwd=ROOT, env=server.environment | hanging,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert command.stdout
    for number in stopped:
        assert command.stdout.readline().startswith("Found")
        command.send_signal(number)
        assert f"{128 + number}\n" in iter(command.stdout.readline, "")
        [run] = server.ask("flow_runs/filter", sort="START_TIME_DESC", limit=1)
        assert run["state"]["name"] == "Cancelled"
        assert server.alerts(run["id"]) == []
    _, said = command.communicate(timeout=60)
    assert [line.partition(". ")[0] for line in said.splitlines()] == [f"Stopped by {one.name}" for one in stopped]
    server.is_left_clean()
