"""The commands that write forms."""

from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from flows.commands.cli import main
from warehouse.intake.landing import Request, read_file
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings


def test_the_form_of_a_country_and_month_answers_nothing_until_it_is_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["template", "kaz", "--period", "2024-05"])
    assert result.exit_code == 0, result.output
    path = Path(result.output.strip())
    assert path == Path("KAZ_2024-05.xlsx")
    now = datetime(2024, 6, 3)
    reading = read_file(Request(path, file_sha256(path), 1, "sent/form.xlsx", now, Settings().codelists, tmp_path))
    assert (reading.submission.country_code, reading.submission.reporting_month) == ("KAZ", date(2024, 5, 1))
    assert [finding.rule for finding in reading.findings] == ["nothing_answered"]
    assert reading.landings == ()


def test_a_country_that_is_no_member_state_is_wrong_use() -> None:
    result = CliRunner().invoke(main, ["template", "FRA"])
    assert result.exit_code == 2
    assert "FRA" in result.output


def test_the_form_for_phones_has_a_question_for_every_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["xlsform", "uzb"])
    assert result.exit_code == 0, result.output
    survey = load_workbook(result.output.strip())["survey"]
    names = {row[1].value for row in survey.iter_rows()}
    assert {table.name for table in load_questionnaire().tables} <= names


def test_no_form_for_phones_of_a_country_that_is_no_member_state() -> None:
    assert CliRunner().invoke(main, ["xlsform", "FRA"]).exit_code == 2
