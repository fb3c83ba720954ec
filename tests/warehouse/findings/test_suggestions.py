"""Suggestions: near spellings and headings, letters that only look right, and silence where nothing is near."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from expectations.gate.rules import ROW_KEYS, Suite
from expectations.gate.run import check
from expectations.submissions.fields import field_rules
from warehouse.files.sheet import Sheet
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.findings.suggestions import Near, Vocabulary, appearance_of, suggest_code, suggest_fields
from warehouse.intake.sheet_findings import sheet_findings
from warehouse.intake.submission import Submission
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.sheet_scan import scan_sheet
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.words.catalogue import fill

SEEDS = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds"
QUESTIONNAIRE = load_questionnaire()
SEIZURES = QUESTIONNAIRE.table("seizures")
SUBMISSION = Submission("id", "0" * 64, "KAZ", None, datetime(2024, 5, 31), "KAZ/x.xlsx", 1)


def suggestion(codelist: str, text: str, country: str = "KAZ") -> str:
    """The English suggestion for an unknown text; empty for none."""
    suggested = suggest_code(SEEDS, codelist, country, text)
    return fill(*suggested, "en") if suggested else ""


@pytest.mark.parametrize(
    ("codelist", "text", "meant"),
    [
        ("drugs", "Heroinn", "Heroin"),
        ("drugs", "  HEROUN ", "Heroin"),
        ("drugs", "метамфетомин", "Метамфетамин"),
        ("countries", "Таджкистан", "Таджикистан"),
        ("units", "килограмв", "килограмм"),
        ("units", "граммм", "грамм"),
        ("units", "rbkjuhfvv", "килограмм"),
        ("drugs", "uthjby", "Героин"),
        ("units", "ru", "kilogram"),
    ],
)
def test_a_near_spelling_is_suggested(codelist: str, text: str, meant: str) -> None:
    assert f'Did you mean "{meant}"?' in suggestion(codelist, text)


@pytest.mark.parametrize(
    ("codelist", "text", "meant"),
    [
        ("drugs", "Нeroin", "Heroin"),
        ("drugs", "ГEPОИН", "ГЕРОИН"),
        ("countries", "КАZ", "KAZ"),
        ("countries", "кGZ", "kGZ"),
        ("units", "кg", "kg"),
    ],
)
def test_letters_that_only_look_right_are_said(codelist: str, text: str, meant: str) -> None:
    assert text != meant
    assert suggestion(codelist, text).startswith(f'"{text}" looks like "{meant}", but some of its letters')


@pytest.mark.parametrize(
    ("codelist", "text"),
    [
        ("drugs", "белый порошок"),
        ("drugs", "blue sand"),
        ("drugs", ""),
        ("units", "кк"),
        ("units", "gk"),
        ("units", "гр2"),
        ("units", "ведро"),
        ("countries", "KAX"),
        ("countries", "Атлантида"),
        ("subdivisions", "Южно-116ская область"),
        ("drugs", "Heroin"),
    ],
)
def test_nothing_is_better_than_a_wrong_suggestion(codelist: str, text: str) -> None:
    assert suggestion(codelist, text) == ""


def test_a_suggestion_is_the_label_that_is_near_or_else_the_one_in_the_language_of_the_reader() -> None:
    label = suggest_code(SEEDS, "drugs", "KAZ", "Heroinn")
    other = suggest_code(SEEDS, "units", "KAZ", "ru")
    assert label is not None
    assert other is not None
    assert label[1] == {"value": "Heroinn", "meant": "Heroin"}
    assert "Возможно, имелось в виду «Heroin»?" in fill(*label, "ru")
    assert "Возможно, имелось в виду «килограмм», а клавиатура" in fill(*other, "ru")


def test_places_of_other_countries_are_not_suggested() -> None:
    assert 'Did you mean "Chuy Region"?' in suggestion("subdivisions", "Chuy Regon", "KGZ")
    assert suggestion("subdivisions", "Chuy Regon", "TKM") == ""


def test_a_word_of_one_country_is_suggested_there_only(tmp_path: Path) -> None:
    for folder in ("codelists", "spellings"):
        (tmp_path / folder).mkdir()
    (tmp_path / "codelists" / "drugs.csv").write_text("code,name_en,name_ru\nHEROIN,Heroin,Героин\nOPIUM,Opium,Опий\n")
    (tmp_path / "spellings" / "drugs_spellings.csv").write_text(
        "spelling,code,country_code,language,source\nchandu,OPIUM,KGZ,en,x\nheroin,OPIUM,TJK,en,x\n"
    )
    assert suggest_code(tmp_path, "drugs", "KAZ", "chanddu") is None
    near = suggest_code(tmp_path, "drugs", "KGZ", "chanddu")
    assert near is not None
    assert near[1]["meant"] == {"en": "Opium", "ru": "Опий"}
    # where the word means something else, it is not offered for what it means elsewhere
    other = suggest_code(tmp_path, "drugs", "TJK", "Heroinn")
    assert other is not None
    assert other[1]["meant"] == {"en": "Opium", "ru": "Опий"}


def test_what_is_as_near_to_two_meanings_is_not_suggested() -> None:
    exits = Vocabulary({"ввоз": "IN", "вывоз": "OUT", "въезд": "IN", "выезд": "OUT"})
    assert exits.find_near("выввоз") == Near("вывоз", "OUT", "near")
    assert exits.find_near("въъезд") == Near("въезд", "IN", "near")
    assert exits.find_near("взезд") is None
    assert Vocabulary({"пост 1": "A", "пост 2": "B"}).find_near("пост 3") is None
    assert Vocabulary({"пост 1": "A", "пост 2": "B"}).find_near("посст 2") == Near("пост 2", "B", "near")
    assert Vocabulary({"сор": "A", "cop": "B"}).find_near("соp") is None


def test_two_edits_need_a_long_word() -> None:
    words = Vocabulary({"methadone": "M", "methamphetamine": "A"})
    assert words.find_near("mathadona") is None
    assert words.find_near("mathamphetomine") == Near("methamphetamine", "A", "near")
    assert words.find_near("matamphetomine") is None


def test_look_alike_letters_are_one() -> None:
    assert appearance_of("СОКУХ Неroin") == "cokyx heroin"
    assert appearance_of("г") != appearance_of("g")


def test_headings_near_a_field_that_no_column_answers_are_suggested() -> None:
    headings = ["Quantitty", "Quantitty 2", "Quantiity", "Единица измирения", "Дрyг", "Эксперт", "№"]
    near = suggest_fields(SEIZURES, headings, {"drug"})
    assert {heading: (found.meaning, found.reason) for heading, found in near.items()} == {
        "Quantitty": ("quantity", "near"),
        "Единица измирения": ("unit", "near"),
    }
    assert suggest_fields(SEIZURES, ["Quantitty"], {"quantity"}) == {}
    assert suggest_fields(SEIZURES, ["Quаntity"], {})["Quаntity"].reason == "look_alike"


def told(*headings: str) -> Sequence[Finding]:
    """Return what is found about a sheet with these headings."""
    return sheet_findings(SUBMISSION, [scan_sheet(Sheet("x", [list(headings)]), QUESTIONNAIRE)])


def test_a_required_column_that_is_nearly_there_is_one_finding() -> None:
    (finding,) = told("Date of seizure", "Drug", "Quantitty", "Unit")
    assert (finding.severity, finding.rule, finding.field, finding.value) == (
        "error", "column_missing", "quantity", "Quantitty",
    )  # fmt: skip
    assert describe_finding(finding, "en", QUESTIONNAIRE) == (
        'Seizures, Quantity: the column is missing. Is "Quantitty" meant for it? Write that heading as "Quantity" and '
        "send the file again."
    )
    assert "Не он ли назван «Quantitty»? Исправьте этот заголовок на «Quantity»" in describe_finding(
        finding, "ru", QUESTIONNAIRE
    )


def test_a_heading_near_another_name_of_a_field_gets_its_title_in_both_languages() -> None:
    (finding,) = told("Date of seizure", "Drug", "Amounnt", "Unit")
    assert finding.arguments["title"] == {"en": "Quantity", "ru": "Количество"}


def test_every_required_column_that_is_missing_is_told_and_every_other_heading() -> None:
    found = told("Date of seizure", "Drug", "Quаntity", "Эксперт", "Эксперт 2")
    assert [(finding.rule, finding.field, finding.value) for finding in found] == [
        ("column_missing", "quantity", "Quаntity"),
        ("column_missing", "unit", None),
        ("column_unknown", None, "Эксперт, Эксперт 2"),
    ]
    assert "Latin and Cyrillic are mixed up" in describe_finding(found[0], "en", QUESTIONNAIRE)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Hidding place", "Did you mean"),
        ("Нiding place", "it looks like"),
    ],
)
def test_a_heading_near_an_optional_field_stays_a_warning(heading: str, words: str) -> None:
    (finding,) = told("Date of seizure", "Drug", "Quantity", "Unit", heading)
    assert (finding.severity, finding.rule, finding.field, finding.value) == (
        "warning",
        "column_unknown",
        None,
        heading,
    )
    assert f'{words} "{SEIZURES.field("hiding_place").title.en}"' in describe_finding(finding, "en", QUESTIONNAIRE)


def test_the_gate_suggests_in_the_words_of_the_sender(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with open_database(settings) as connection:
        connection.execute("""
            create schema seeds;
            create table seeds.subdivisions as from (values ('KG-C', 'KGZ'), ('TM-A', 'TKM')) as t (code, country_code);
            create schema audit;
            create table audit.seizures as
            select 'A' as submission_id, 'x' as sheet, row_number() over () as source_row, country_code,
                admin_division_text, null as admin_division_code, null::varchar as totals_stated
            from (values
                ('KGZ', 'Chuy Regon'), ('TKM', 'Chuy Regon'), ('KGZ', null), ('KGZ', 'Сhuy'),
                ('GEO', 'Adjara') -- a country without a list of provinces
            ) as rows (country_code, admin_division_text)""")
    field = SEIZURES.field("admin_division")
    rules = [rule for rule in field_rules(field) if rule.name == "code_unknown"]
    found = check(settings, "audit", {"seizures": Suite("seizures", ROW_KEYS, tuple(rules))}, tmp_path / "results")
    assert [(f.source_row, f.value, f.rule, f.severity) for f in found] == [
        (1, "Chuy Regon", "code_unknown", "warning"),
        (2, "Chuy Regon", "code_unknown", "warning"),
        (4, "Сhuy", "code_unknown", "warning"),
    ]
    near, nothing, alike = (describe_finding(finding, "en", QUESTIONNAIRE) for finding in found)
    assert 'Did you mean "Chuy Region"?' in near
    assert "Choose an entry of the list" in nothing
    assert "Did you mean" not in nothing
    assert 'looks like "Chuy"' in alike
    assert "Did you mean &#34;Chuy Region&#34;?" in (tmp_path / "results" / "index.html").read_text(encoding="utf-8")
