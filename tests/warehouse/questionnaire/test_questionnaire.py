import csv
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from warehouse.questionnaire.definition import PATH, Table, load_questionnaire, parse_questionnaire, read_content
from warehouse.questionnaire.headings import find_header, heading_key
from warehouse.storage.settings import Settings

QUESTIONNAIRE = load_questionnaire()
MODELS = Settings().dbt_project / "models"
WORDS = {"en": "x", "ru": "х"}


def content(**changes: Any) -> dict[str, Any]:
    field = {"type": "number", "title": WORDS, "description": WORDS}
    table = {"title": WORDS, "description": WORDS, "period": "amount", "fields": ["amount"]}
    return {"version": "7", "title": WORDS, "fields": {"amount": field}, "tables": {"gifts": table}, **changes}


def test_two_halves_become_tables_with_fields() -> None:
    questionnaire = parse_questionnaire(content())
    assert questionnaire.version == "7"
    assert questionnaire.table("gifts").field("amount").type == "number"
    with pytest.raises(KeyError):
        questionnaire.table("gift")
    with pytest.raises(KeyError):
        questionnaire.table("gifts").field("amounts")


def test_unknown_keyword_is_an_error() -> None:
    field = {"type": "number", "title": WORDS, "description": WORDS, "requird": True}
    with pytest.raises(ValidationError, match="requird"):
        parse_questionnaire(content(fields={"amount": field}))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"period": "amount", "fields": ["amount", "donor"]}, "not defined: donor"),
        ({"period": "day", "fields": ["amount"]}, "day"),
        ({"period": "amount", "primaryKey": "id", "fields": ["amount"]}, "id"),
    ],
)
def test_name_without_definition_is_an_error(table: dict[str, Any], words: str) -> None:
    with pytest.raises((ValueError, KeyError), match=words):
        parse_questionnaire(content(tables={"gifts": {"title": WORDS, "description": WORDS, **table}}))


def test_field_that_two_tables_define_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "questionnaire.yml").write_text("version: '7'\ntables: [gifts, loans]\n", encoding="utf-8")
    for name in ("gifts", "loans"):
        (tmp_path / "tables" / f"{name}.yml").write_text("questions: {amount: {type: number}}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="table loans defines fields that another one defines: amount"):
        read_content(tmp_path / "questionnaire.yml")


def test_every_file_of_a_table_is_read() -> None:
    assert {path.stem for path in (PATH.parent / "tables").iterdir()} == {table.name for table in QUESTIONNAIRE.tables}


def test_field_that_no_table_asks_for_is_an_error() -> None:
    field = {"type": "number", "title": WORDS, "description": WORDS}
    with pytest.raises(ValueError, match="no table asks for: donor"):
        parse_questionnaire(content(fields={"amount": field, "donor": field}))


def test_columns_of_staging_follow_from_type_and_codelist() -> None:
    seizures = QUESTIONNAIRE.table("seizures")
    shown = {
        name: (seizures.field(name).column, seizures.field(name).text_column) for name in ("drug", "quantity", "notes")
    }
    assert shown == {
        "drug": ("drug_code", "drug_text"),
        "quantity": ("quantity", "quantity_text"),
        "notes": ("notes", "notes"),
    }


def test_required_fields_are_those_without_which_a_row_says_nothing() -> None:
    required = {
        table.name: [field.name for field in table.fields if field.constraints.required]
        for table in QUESTIONNAIRE.tables
    }
    assert required == {
        "seizures": ["seizure_date", "drug", "quantity", "unit"],
        "persons": ["persons_count"],
        "prices": ["drug"],
        "activities": ["activity_type"],
        "exchanges": ["exchange_direction"],
        "contraband": ["seizure_date", "contraband_category"],
        "staff": ["staff_female_count", "staff_male_count"],
        "throughput": ["crossing_direction"],
        "equipment": ["equipment_item", "equipment_count"],
        "stories": ["story_title", "story_text"],
        "challenges": ["challenge_category", "severity"],
        "blo_register": ["blo_name"],
        "laboratories": ["laboratory_date"],
        "eradication": ["crop"],
    }


def test_questions_that_came_later_are_not_required_and_their_tables_not_due() -> None:
    """So a form of before is as valid and as complete as it was."""
    later = {"seizures": ["transit_country", "detained_count"], "persons": ["main_drug"]}
    for name, fields in later.items():
        assert not any(QUESTIONNAIRE.table(name).field(field).constraints.required for field in fields)
        model = (MODELS / "staging" / f"stg_{name}.sql").read_text(encoding="utf-8")
        assert set(fields) <= set(re.findall(r"'(\w+)'", model.split("unasked=")[1]))
    tables = {table.name for table in QUESTIONNAIRE.tables}
    assert tables - set(QUESTIONNAIRE.due_tables) == {"laboratories", "eradication"}
    coverage = (MODELS / "marts" / "reporting" / "rpt_coverage_by_month.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"'(\w+)'", coverage.split("not in")[1])) == {"laboratories", "eradication"}


@pytest.mark.parametrize("table", QUESTIONNAIRE.tables, ids=lambda table: table.name)
def test_staging_types_every_field_as_the_questionnaire_says(table: Table) -> None:
    model = (MODELS / "staging" / f"stg_{table.name}.sql").read_text(encoding="utf-8")
    typed = dict(re.findall(r"'(\w+)': '(\w+)'", model))
    kinds = {"quantity": "number", "prose": "string", "reference": "string"}
    assert {name: kinds.get(kind, kind) for name, kind in typed.items()} == {
        field.name: field.codelist or field.type for field in table.fields
    }
    # No free text that a sender fills in goes unsearched for what tells of a person.
    assert {name for name, kind in typed.items() if kind in ("prose", "reference")} == {
        field.name for field in table.fields if field.asked and field.type == "string" and not field.codelist
    }


def test_models_that_list_tables_or_codelists_list_all_of_them() -> None:
    spellings = (MODELS / "staging" / "stg_spellings.sql").read_text(encoding="utf-8").split("%}")[0]
    asked = {field.codelist for table in QUESTIONNAIRE.tables for field in table.fields if field.codelist}
    assert set(re.findall(r"'(\w+)'", spellings.split("codelists = ")[1])) == asked
    submissions = (MODELS / "marts" / "reporting" / "rpt_submissions.sql").read_text(encoding="utf-8")
    listed = re.findall(r"'(\w+)'", submissions.split("for table in ")[1].split("%}")[0])
    assert listed == sorted(table.name for table in QUESTIONNAIRE.tables)


@pytest.mark.parametrize("table", QUESTIONNAIRE.tables, ids=lambda table: table.name)
def test_heading_means_one_field_of_a_table(table: Table) -> None:
    meanings: dict[str, set[str]] = {}
    for field in table.fields:
        for heading in field.headings:
            meanings.setdefault(heading_key(heading), set()).add(field.name)
    assert {key: fields for key, fields in meanings.items() if len(fields) > 1 or not key} == {}


def test_sheet_name_means_one_table() -> None:
    keys = [{heading_key(heading) for heading in table.headings} for table in QUESTIONNAIRE.tables]
    assert sum(map(len, keys)) == len(set().union(*keys))


def test_codelist_of_every_field_is_a_seed_with_spellings() -> None:
    folder = Settings().codelists
    names = {field.codelist for table in QUESTIONNAIRE.tables for field in table.fields if field.codelist}
    for name in names:
        with (folder / "codelists" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert {"code", "name_en", "name_ru", "source"} <= set(next(csv.reader(file))), name
        assert (folder / "spellings" / f"{name}_spellings.csv").exists(), name


def test_persons_are_counted_and_never_named() -> None:
    asked = {field.name for field in QUESTIONNAIRE.table("persons").fields}
    assert asked == {
        "month", "border_point", "offence", "contact_stage", "sex", "age_group", "citizenship", "main_drug",
        "persons_count",
    }  # fmt: skip


def test_form_asks_no_officer_what_only_other_layouts_hold() -> None:
    fields = {field.name: field for table in QUESTIONNAIRE.tables for field in table.fields}
    assert {name for name, field in fields.items() if not field.asked} == {
        "month", "stated_country", "stated_iso3", "region", "subregion", "source_class", "source", "reporting_channel",
    }  # fmt: skip
    assert not [name for name, field in fields.items() if field.constraints.required and not field.asked]


@pytest.mark.parametrize("table", QUESTIONNAIRE.tables, ids=lambda table: table.name)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_titles_of_a_table_are_recognised_as_that_table(table: Table, language: str) -> None:
    headings = [getattr(field.title, language) for field in table.fields]
    header = find_header("", [headings], QUESTIONNAIRE)
    assert header
    assert (header.table.name, header.extra, header.repeated) == (table.name, {}, {})
    assert list(header.columns.values()) == [field.name for field in table.fields]


@pytest.mark.parametrize("table", QUESTIONNAIRE.tables, ids=lambda table: table.name)
def test_both_languages_say_something(table: Table) -> None:
    for words in (table.title, table.description, *(w for f in table.fields for w in (f.title, f.description))):
        assert words.en.strip()
        assert words.en.isascii() or "é" in words.en
        assert re.search("[а-яА-Я]", words.ru)
