"""The command: what it says, and its exit status: 0 done, 1 findings or a closed gate, 2 wrong use."""

import csv
import io
import json
import logging
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import click
import duckdb
import pytest
from click.testing import CliRunner, Result
from conftest import INBOX, Warehouse, fill_inbox
from pydantic import ValidationError

from flows.commands.cli import main
from warehouse.storage.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def sarai(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def reader(published: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.setenv("SARAI_HOME", str(published.settings.root))
    return published


def printed_by(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_check_imports_no_heavy_tool() -> None:
    """Each is a second or more, and a form is checked in less."""
    code = (
        "import sys; import flows.offline.check; "
        "print(*{'prefect', 'great_expectations', 'dbt', 'pandas', 'numpy'} & set(sys.modules))"
    )
    assert printed_by(code) == ""


def test_help_imports_no_heavy_tool() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from flows.commands.cli import main; "
        "result = CliRunner().invoke(main, ['--help']); assert 'publish' in result.output; "
        "print(*{'prefect', 'great_expectations', 'dbt', 'duckdb', 'pandas', 'pydantic'} & set(sys.modules))"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert printed_by(code) == ""
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 0.5


@pytest.mark.usefixtures("reader")
def test_status() -> None:
    result = sarai("status")
    assert result.exit_code == 0
    assert "UZB" in result.output
    assert "Release 1" in result.output


def test_status_before_the_first_ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    result = sarai("status")
    assert result.exit_code == 0
    assert "There is no release yet" in result.output


def test_answer_writes_the_form_where_nothing_is_to_be_corrected(warehouse: Settings) -> None:
    result = sarai("answer", "UZB-2024-02")
    assert result.exit_code == 0
    folder = Path(result.output.strip())
    assert folder.is_relative_to(warehouse.feedback)
    assert {path.name for path in folder.iterdir()} == {
        "answer.json", "answer_en.html", "answer_ru.html", "return_UZB_2024-02.xlsx",
    }  # fmt: skip
    unknown = sarai("answer", "UZB")
    assert (unknown.exit_code, unknown.output) == (
        1, "Error: UZB is the beginning of no id, or of several. Its answer names it.\n",
    )  # fmt: skip


@pytest.mark.usefixtures("reader")
def test_query_prints_a_table() -> None:
    result = sarai(
        "query", "select country_code, sum(quantity_kg) as kg from rpt_seizures_by_month group by all order by all"
    )
    assert (result.exit_code, result.output) == (0, "country_code    kg\nKAZ           3.75\nUZB            1.5\n")


@pytest.mark.usefixtures("reader")
def test_tables_are_printed_for_other_programs() -> None:
    values = "null as nothing, true as truth, 1 / 3 as number, 1.50 as price"
    answer = f"select date '2024-01-31' as day, 'a,\u202eb' as text, {values}"
    for arguments, name in {
        ("query", answer): "number",
        ("status", "--until", "2024-02", "--months", "2"): "missing_tables",
        ("trace", "rpt_seizures_by_month", "country_code=UZB"): "in_the_vault",
    }.items():
        records = json.loads(sarai(*arguments, "--format", "json").output)
        rows = [*csv.DictReader(io.StringIO(sarai(*arguments, "--format", "csv").output))]
        assert [row[name] for row in rows]
        assert len(rows) == len(records)
    assert json.loads(sarai("query", answer, "--format", "json").output) == [
        {"day": "2024-01-31", "text": "a,\u202eb", "nothing": None, "truth": True, "number": 1 / 3, "price": 1.5}
    ]
    shown = sarai("query", answer, "--format", "csv").output
    assert shown == 'day,text,nothing,truth,number,price\n2024-01-31,"a,\\u202eb",,true,0.3333333333333333,1.50\n'


@pytest.mark.usefixtures("reader")
def test_status_ends_with_the_last_months_that_have_data() -> None:
    """Nothing was received for the last six months: the files are of 2024."""
    months = {report["month"] for report in json.loads(sarai("status", "--format", "json").output)}
    assert months == {"2024-01", "2024-02", "2024-03"}  # reports are asked since 2024


@pytest.mark.parametrize(
    "sql",
    ["select nonsense", "drop table fct_seizures", "copy fct_seizures to 'stolen.csv'", "from read_csv('/etc/passwd')"],
)
@pytest.mark.usefixtures("reader")
def test_query_reads_the_release_and_nothing_else(sql: str) -> None:
    assert sarai("query", sql).exit_code == 2
    assert sarai("query", "from fct_seizures").exit_code == 0


@pytest.mark.usefixtures("reader")
def test_query_of_the_public_edition_knows_no_single_seizures() -> None:
    assert sarai("query", "--public", "from rpt_seizures_by_month").exit_code == 0
    refused = sarai("query", "--public", "from fct_seizures")
    assert refused.exit_code == 2
    assert "fct_seizures" in refused.output


@pytest.mark.usefixtures("reader")
def test_trace_finds_a_row() -> None:
    result = sarai("trace", "rpt_seizures_by_month", "country_code=UZB", "drug_code=OPIUM")
    assert result.exit_code == 0
    assert "UZB/UZB_2024-01.csv" in result.output


@pytest.mark.parametrize("arguments", [["rpt_routes", "drug_code"], ["nothing"], ["rpt_routes", "drug_code=NONE"]])
@pytest.mark.usefixtures("reader")
def test_trace_says_what_is_wrong_with_the_question(arguments: list[str]) -> None:
    assert sarai("trace", *arguments).exit_code == 2


@pytest.mark.parametrize("command", [["query", "select 1"], ["trace", "rpt_routes"], ["rollback"]])
def test_commands_that_need_a_release_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    result = sarai(*command)
    assert result.exit_code == 1
    assert "There is no release yet" in result.output


def test_reconcile_tells_sound_from_changed(warehouse: Settings) -> None:
    """That nothing is said of a sound warehouse is shown by the example of its help."""
    next(warehouse.vault.glob("*/*")).unlink()
    result = sarai("reconcile")
    assert result.exit_code == 1
    assert "not in the vault" in result.output


def test_publish_before_the_first_ingest(prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "empty"))
    nothing = sarai("publish")
    assert (nothing.exit_code, "sarai ingest" in nothing.output) == (1, True)


@pytest.mark.usefixtures("reader")
def test_rollback_where_there_is_no_earlier_release() -> None:
    assert sarai("rollback").exit_code == 1


def test_a_wrong_day_is_wrong_use() -> None:
    assert sarai("publish", "--as-of", "yesterday").exit_code == 2
    assert sarai("ingest", "/nowhere/at/all").exit_code == 2
    assert sarai("check").exit_code == 2


@pytest.mark.parametrize("command", [["status"], ["template", "UZB"], ["xlsform", "UZB"], ["query", "select 1"]])
def test_wrong_settings_are_wrong_use_and_their_values_are_not_printed(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"SARAI_THREADS": "s3cret", "SARAI_ALERT_WEBHOOK": "hook.s3cret", "SARAI_MEMORY_LIMIT": "4 s3cret"}
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    result = sarai(*command)
    assert result.exit_code == 2
    assert [name for name in wrong if f"{name} is set wrongly. Expected: the " not in result.output] == []
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "s3cret" not in result.output + str(refused.value)


@pytest.mark.parametrize("limit", ["4GB", "1.5 gib", "512 MB", "none"])
def test_a_memory_limit_is_what_duckdb_takes_for_one(limit: str) -> None:
    assert Settings(memory_limit=limit).memory_limit == limit
    with duckdb.connect(config={"memory_limit": limit}) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_the_webhook_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_ALERT_WEBHOOK", "https://alerts.example.org/s3cret")
    settings = Settings().at(Path("elsewhere"))
    assert settings.alert_webhook
    assert str(settings.alert_webhook.get_secret_value()) == "https://alerts.example.org/s3cret"
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize("question", ["", " ", ";", "/* a comment */"])
def test_an_empty_question_is_wrong_use(question: str) -> None:
    result = sarai("query", question)
    assert result.exit_code == 2
    assert 'The question is empty. For example: sarai query "from rpt_routes limit 5"' in result.output


def test_every_example_of_the_help_runs(
    warehouse: Settings, prefect_api: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    monkeypatch.delenv("SARAI_HOME")
    monkeypatch.chdir(tmp_path)
    assert warehouse.root == Settings().root
    ended = {}
    for name in (name for name in main.commands if name != "serve"):  # test_serving_commands.py starts its server
        [example] = re.findall(r"^  Example: (.*sarai .*)$", sarai(name, "--help").output, re.MULTILINE)
        words = shlex.split(example)
        variables, (_, *arguments) = words[: words.index("sarai")], words[words.index("sarai") :]
        result = CliRunner().invoke(main, arguments, env=dict(variable.split("=") for variable in variables))
        ended[example] = (arguments[0] == name, result.exit_code, result.output if result.exit_code else "")
    assert len(ended) > 15
    assert {example: end for example, end in ended.items() if end != (True, 0, "")} == {}


@pytest.mark.server
def test_check_needs_no_warehouse_and_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_inbox(tmp_path, {name: INBOX[name] for name in ("UZB/UZB_2024-01.csv", "UZB/UZB_2024-02.csv")})
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    result = sarai("check", "--language", "ru", "UZB/UZB_2024-01.csv", "UZB/UZB_2024-02.csv")
    assert result.exit_code == 1
    assert "UZB/UZB_2024-01.csv: будет принят, строк: 1 из 2\n  ошибка: Изъятия, строка 3, Количество:" in result.output
    assert "UZB/UZB_2024-02.csv: будет принят, строк: 0 из 0\n" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["UZB"]
    assert logging.getLogger("sarai").level == logging.INFO  # other commands of this process still log


@pytest.mark.server
def test_check_answers_every_file_and_names_what_holds_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two files with the same bytes and month, one name contradicts its folder: it alone would be rejected.

    Files of one name are called by their paths, also where their bytes are the same.
    """
    nil = INBOX["UZB/UZB_2024-02.csv"]
    fill_inbox(tmp_path, {
        "UZB/UZB_2024-01.csv": INBOX["UZB/UZB_2024-01.csv"], "UZB/UZB_2024-02.csv": nil,
        "UZB/2024-02 once more.csv": nil, "UZB/KAZ_2024-02.csv": nil, "passed/~$form.csv": nil,
        "a/X.csv": nil, "b/X.csv": nil, "c/X.csv": f"{nil}\n",
    })  # fmt: skip
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.chdir(tmp_path)
    result = sarai("check", "empty", "passed", "pipe.csv", "UZB", "a/X.csv", "b/X.csv", "c")
    assert result.exit_code == 1
    named = [line.partition(":") for line in result.output.splitlines() if not line.startswith(" ")]
    assert [(name, said[:14]) for name, _, said in named if name.startswith("UZB")] == [
        ("UZB/2024-02 once more.csv", " would be acce"), ("UZB/KAZ_2024-02.csv", " would be reje"),
        ("UZB/UZB_2024-01.csv", " would be acce"), ("UZB/UZB_2024-02.csv", " would be acce"),
    ]  # fmt: skip
    assert "UZB/UZB_2024-01.csv: would be accepted, 1 of 2 rows\n  error: Seizures, row 3" in result.output
    assert "UZB/UZB_2024-02.csv: would be accepted, 0 of 0 rows\n" in result.output
    assert [name for name, *_ in named if name[:1] in "abc"] == ["a/X.csv", "b/X.csv", "c/X.csv"]
    problems = [said for name, _, said in named if name == "error"]
    assert [said.partition(":")[0].strip() for said in problems] == ["empty", "passed", "pipe.csv"]
    assert "Passed over 2 names: pipe.csv (no file), ~$form.csv (unfinished or a backup)." in result.output.splitlines()
    told = re.compile("nothing here can be checked.*Name a file, or a folder that holds files")
    assert [said for said in problems if not told.search(said)] == []


def test_a_command_leaves_signals_and_log_as_they_were() -> None:
    log = logging.getLogger("sarai")

    def shared() -> tuple[object, ...]:
        return signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), log.propagate, list(log.handlers)

    before = shared()
    seen: list[tuple[object, ...]] = []
    main.add_command(click.Command("look", callback=lambda: seen.append(shared())))
    try:
        assert sarai("look").exit_code == 0
    finally:
        del main.commands["look"]
    assert shared() == before
    assert all(now != then for now, then in zip(seen[0][:2], before[:2], strict=True))


def test_generate_names_what_is_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    stale: list[str] = ["dbt_project/models/staging/sources.yml"]
    monkeypatch.setattr("warehouse.transform.dbt_files.write_generated", lambda *, check: stale if check else [])
    result = sarai("generate", "--check")
    assert (result.exit_code, "sources.yml is out of date: run `sarai generate`" in result.output) == (1, True)
    assert sarai("generate").exit_code == 0
    stale.clear()
    assert sarai("generate", "--check").exit_code == 0
