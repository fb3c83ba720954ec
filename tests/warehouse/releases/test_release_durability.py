"""Releases under way: what a kill at any point leaves behind, and what a reader of ``current`` sees meanwhile."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from examples import examples
from made_marts import change

from warehouse.releases.publication import write_release
from warehouse.storage.settings import Settings

# Kills before every change of a file, or each eighth one, then at moments by chance. Each round forks: DuckDB, and what
# it imports when it is asked, is loaded once and opened only in children, one of which is killed.
KILLED = """
import json, os, random, signal, sys, time
from pathlib import Path
import cryptography, duckdb, pandas
from warehouse.storage.database import open_database
from warehouse.releases.catalogue import current_release, list_releases, verify_release
from warehouse.releases.publication import write_release
from warehouse.safekeeping.release_check import compare_releases
from warehouse.storage.settings import Settings
from warehouse.storage.sources import sources_version

sources_version(Settings().dbt_project)  # which a process remembers
settings, gate, stride, moments = Settings(), Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

def publish(value):
    with open_database(settings) as connection:
        connection.execute("delete from marts.rpt_seizures_by_month")
        connection.execute(f"insert into marts.rpt_seizures_by_month select 'KAZ', '2012-01-01', 'd' || i, {value}, 1 "
                           "from range(2000) as numbers (i)")
        connection.execute("checkpoint")
        started.append(True)
        write_release(connection, settings, gate_results=gate)

def kill_at(step):
    left = [step]
    def watch(event, arguments):
        if started and any(name in str(arguments) for name in (".building-", ".built-", ".new-")):
            left[0] -= 1
            if left[0] == -1:  # once: os.kill is an event too
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)

def inspect(value, since=-2):  # the last two releases; at the end all, as none is changed once it is whole
    current = current_release(settings)
    problems = [problem for release in list_releases(settings)[since:] for problem in verify_release(release)]
    with open_database(settings) as connection:
        pending = "which gives it its name."  # of a release that was entered when the run was killed
        problems += [text for text in compare_releases(connection, settings) if not text.endswith(pending)]
    seen = None
    if current:
        with duckdb.connect(str(settings.releases / "current" / "marts.duckdb"), read_only=True) as reader:
            seen = reader.execute("select count(*), min(seizures_count), max(seizures_count) "
                                  "from rpt_seizures_by_month").fetchone()
    print(json.dumps({"value": value, "problems": problems, "current": current and current.number, "seen": seen,
                      "numbers": [release.number for release in list_releases(settings)]}), flush=True)

def in_child(work, *arguments, delay=None):
    child = os.fork()
    if child == 0:
        work(*arguments)
        os._exit(0)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]

def stepped(value):
    kill_at(value)
    publish(value)

started, value = [], 0
while (status := in_child(stepped, value)) == signal.SIGKILL:
    in_child(inspect, value)
    value += stride
assert status == 0, status
in_child(inspect, value)
value += 1
begin = time.monotonic()
in_child(publish, value)
usual = time.monotonic() - begin
random.seed(12)
for _ in range(moments):
    value += 1
    in_child(publish, value, delay=usual * random.uniform(0.2, 2))
    in_child(inspect, value)
in_child(publish, value + 1)
in_child(inspect, value + 1, 0)
"""


@pytest.mark.chance
def test_kill_at_any_point_leaves_whole_releases_or_none(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, tmp_path: Path
) -> None:
    connection.close()
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    stride, moments = examples(8, 1), examples(2, 30)
    environment = {"SARAI_HOME": str(settings.home), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [sys.executable, str(script), str(gate), str(stride), str(moments)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    rounds = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rounds) > moments + 25 // stride, result.stderr
    assert [entry["problems"] for entry in rounds if entry["problems"]] == []
    for before, after in pairwise(rounds):
        assert after["numbers"][: len(before["numbers"])] == before["numbers"]
        assert (after["current"] or 0) >= (before["current"] or 0)
    for entry in rounds:
        # a release whose last step was missing is finished by the next run: never two of them
        assert entry["current"] in [None, *entry["numbers"]][-2:]
        if entry["seen"]:
            count, lowest, highest = entry["seen"]
            assert (count, lowest) == (2000, highest)
    last = rounds[-1]
    assert (last["seen"][1], last["current"]) == (last["value"], last["numbers"][-1])
    assert [path.name for path in settings.releases.iterdir() if path.name.startswith((".bu", ".new"))] == []


READER = """
import sys, time
from pathlib import Path
import duckdb
current, stop = Path(sys.argv[1]) / "current", Path(sys.argv[2])
print("ready", flush=True)
while not stop.exists():
    with duckdb.connect(str(current / "marts.duckdb"), read_only=True) as reader:
        rows = reader.execute("select count(*), min(seizures_count), max(seizures_count) from rpt_seizures_by_month")
        count, lowest, highest = rows.fetchone()
        facts = reader.execute("select count(*) from fct_seizures").fetchone()[0]
    print(count, lowest == highest, facts, lowest, flush=True)
"""


def test_reader_of_current_sees_only_complete_releases(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, tmp_path: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    stop = tmp_path / "stop"
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(settings.releases), str(stop)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as reader:  # fmt: skip
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for _ in range(10):
            change(connection)
            assert write_release(connection, settings, gate_results=gate).is_new
            assert reader.stdout.readline()
        stop.touch()
        output, errors = reader.communicate(timeout=60)
    assert (reader.returncode, errors) == (0, "")
    lines = [line.split() for line in output.splitlines()]
    assert {tuple(line[:3]) for line in lines} == {("2", "True", "2")}
    assert lines[-1][3] in {"10", "11"}
