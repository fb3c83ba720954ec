"""A further member state is one edit: is_member of its row. Everything else has a default, and gaps are named."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from golden_submissions import add_member
from written_forms import MAY, QUESTIONNAIRE, read

from warehouse.forms.choices import labels
from warehouse.forms.edition import FormEdition
from warehouse.forms.template import write_template
from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.reporting.member_gaps import missing_entries
from warehouse.reporting.obligations import load_obligations, obligations_of
from warehouse.storage.settings import Settings

CODELISTS = Settings().codelists
LISTS = ("subdivisions", "border_points", "agencies")


def with_member(folder: Path, country: str) -> Path:
    """Return a copy of the codelists in which one more country reports."""
    shutil.copytree(CODELISTS, folder, ignore=shutil.ignore_patterns("*.yml"))
    add_member(folder, country)
    return folder


def test_no_member_state_of_today_lacks_an_entry() -> None:
    assert missing_entries(CODELISTS) == {}


@pytest.mark.parametrize(
    ("country", "lacking"),
    [
        ("AFG", ["agencies", "reporting_obligations", "population"]),
        ("GEO", ["subdivisions", "border_points", "agencies", "reporting_obligations", "population"]),
        ("BRA", ["subdivisions", "border_points", "agencies", "reporting_obligations", "population", "countries"]),
    ],
)
def test_a_country_is_one_edit(country: str, lacking: list[str], tmp_path: Path) -> None:
    codelists = with_member(tmp_path / "seeds", country)
    assert set(member_states(codelists)) == {*member_states(CODELISTS), country}
    assert [Path(name.split()[0]).stem for name in missing_entries(codelists).pop(country)] == lacking
    due = obligations_of(load_obligations(codelists), country, date(2026, 5, 1), QUESTIONNAIRE.due_tables)
    assert due.keys() == set(QUESTIONNAIRE.due_tables)
    edition = FormEdition(country, MAY, "ru", QUESTIONNAIRE, codelists)
    own = {name: [row for row in load_codelist(CODELISTS, name).entries.values() if row["country_code"] == country]
           for name in LISTS}  # fmt: skip
    assert {name: len(labels(edition, name)) for name in LISTS} == {name: len(rows) for name, rows in own.items()}
    write_template(
        tmp_path / "form.xlsx", country, period=MAY, language="ru", questionnaire=QUESTIONNAIRE, codelists=codelists
    )
    reading = read(tmp_path / "form.xlsx", tmp_path, codelists=codelists)
    assert reading.submission.country_code == country
    assert [finding.rule for finding in reading.findings] == ["nothing_answered"]
