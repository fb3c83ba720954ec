"""The form as its reader, a second library and LibreOffice see it."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from written_forms import (
    CODELISTS,
    LANGUAGES,
    MAY,
    QUESTIONNAIRE,
    answer_cover,
    edition_of,
    fill,
    read,
    rows_of,
    saved_by_libreoffice,
    texts_of,
    written,
)

from warehouse.answers.return_workbook import Answers, Mark, write_return_workbook
from warehouse.forms.cell_rules import cell_rule
from warehouse.forms.table_sheet import FIRST_ROW
from warehouse.forms.template import write_template
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.headings import find_header
from warehouse.questionnaire.language import FormLanguage
from warehouse.words import form_words as words
from warehouse.words.form_words import UNITS

TABLES = QUESTIONNAIRE.tables
SEIZURE = {"seizure_date": date(2024, 5, 3), "drug": "Героин", "quantity": 1, "unit": "Килограмм"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_form_answers_nothing_until_it_says_that_there_was_nothing(
    language: FormLanguage, tmp_path: Path
) -> None:
    path = written(tmp_path / "form.xlsx", language)
    blank = read(path, tmp_path)
    assert [(finding.severity, finding.rule) for finding in blank.findings] == [("error", "nothing_answered")]
    assert (blank.landings, blank.submission.unsaid_tables) == ((), tuple(sorted(table.name for table in TABLES)))
    answer_cover(path, {words.NIL: "yes"})
    reading = read(path, tmp_path)
    assert (reading.findings, reading.submission.unsaid_tables) == ((), ())
    assert [(part.table_name, part.row_count) for part in reading.landings] == [(table.name, 0) for table in TABLES]
    given = reading.submission
    assert (given.country_code, given.reporting_month, given.questionnaire_version) == (
        "TJK",
        MAY,
        QUESTIONNAIRE.version,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_table_is_asked_whether_it_has_nothing_to_report(language: FormLanguage, tmp_path: Path) -> None:
    path = written(tmp_path / "form.xlsx", language)
    fill(path, {"seizures": [SEIZURE], "staff": [{"staff_male_count": 3}]}, edition_of(language))
    said = {"prices": "да", "persons": "yes", "activities": "нет", "stories": "потом", "staff": "x", "exchanges": "x"}
    answer_cover(path, {QUESTIONNAIRE.table(table).title: answer for table, answer in said.items()})
    book = load_workbook(path)
    del book[edition_of(language).sheet_name(QUESTIONNAIRE.table("exchanges"))]
    book.save(path)
    reading = read(path, tmp_path)
    assert {part.table_name: (part.row_count, part.is_nil) for part in reading.landings} == {
        "seizures": (1, False), "staff": (1, False), "persons": (0, True), "prices": (0, True), "exchanges": (0, True),
    }  # fmt: skip
    unsaid = {table.name for table in TABLES} - {part.table_name for part in reading.landings}
    assert reading.submission.unsaid_tables == tuple(sorted(unsaid))
    assert {"activities", "stories"} < unsaid
    assert [(finding.severity, finding.rule, finding.table_name) for finding in reading.findings] == [
        ("warning", "nil_contradicted", "staff"), ("warning", "cover_unclear", "stories"),
    ]  # fmt: skip


def test_an_empty_table_that_holds_words_is_answered(tmp_path: Path) -> None:
    path = written(tmp_path / "form.xlsx")
    fill(path, {"seizures": [{"record_id": "Изъятий не было"}]}, edition_of())
    reading = read(path, tmp_path)
    assert [finding.rule for finding in reading.findings] == ["note"]
    assert [(part.table_name, part.row_count) for part in reading.landings] == [("seizures", 0)]


def test_month_that_the_sender_writes_is_read_from_the_cover(tmp_path: Path) -> None:
    path = written(tmp_path / "form.xlsx", "ru", "KAZ", None)
    assert [finding.rule for finding in read(path, tmp_path).findings] == ["period_unknown"]
    book = load_workbook(path)
    cover = book["Титульный лист"]
    [place] = [row[1] for row in cover.iter_rows() if str(row[0].value).startswith("Отчётный период")]
    assert not place.protection.locked
    place.value = "июнь 2024"
    book.save(path)
    reading = read(path, tmp_path)
    assert [finding.rule for finding in reading.findings] == ["nothing_answered"]
    assert (reading.submission.country_code, reading.submission.reporting_month) == ("KAZ", date(2024, 6, 1))


def test_a_list_of_addresses_is_no_cover(tmp_path: Path) -> None:
    """Else nobody would say that the sheet was not read."""
    path = written(tmp_path / "form.xlsx")
    book = load_workbook(path)
    book.create_sheet("Адреса").append(["Контакт", "Дежурная часть"])
    book.save(path)
    reading = read(path, tmp_path)
    assert [finding.rule for finding in reading.findings] == ["sheet_unknown", "nothing_answered"]
    assert reading.submission.contact is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_in_two_languages_are_one_header(language: FormLanguage, tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path / "form.xlsx", language))
    for table in TABLES:
        sheet = book[edition_of(language).sheet_name(table)]
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(max_row=10, values_only=True)]
        header = find_header(sheet.title, rows, QUESTIONNAIRE)
        assert header is not None
        assert (header.table, header.first, header.index) == (table, FIRST_ROW - 2, FIRST_ROW - 1)
        assert list(header.columns.values()) == [field.name for field in table.fields if field.asked]
        assert header.extra == {}


def test_units_have_russian_words() -> None:
    units = {field.unit for table in TABLES for field in table.fields if field.unit}
    assert units <= {*UNITS, "%"}


def test_required_answers_are_marked_and_every_heading_is_explained(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path / "form.xlsx", "en"))
    top, below = (book["Seizures"][row] for row in (FIRST_ROW - 1, FIRST_ROW))
    assert [cell.value for cell in top if cell.value.endswith("*")] == [
        "Date of seizure\u00a0*", "Drug or substance\u00a0*", "Quantity\u00a0*", "Unit\u00a0*",
    ]  # fmt: skip
    assert {cell.fill.fgColor.rgb for cell in top if cell.value.endswith("*")} == {"FF7A1F2B"}
    assert [cell.value for cell in below if "Чистота" in cell.value] == ["Чистота, %"]
    comments = [cell.comment for cell in top]
    assert all(comment.text for comment in comments)
    assert "Not adjusted for purity. (must be answered)" in next(
        comment.text for comment in comments if "purity" in comment.text
    )


def test_everything_but_the_answers_is_protected_without_a_password(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path / "form.xlsx"))
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    for table in TABLES:
        sheet = book[edition_of().sheet_name(table)]
        width = len([field for field in table.fields if field.asked])
        locked = [[cell.protection.locked for cell in row] for row in sheet.iter_rows(max_row=12, max_col=width)]
        assert locked == [[True] * width] * FIRST_ROW + [[False] * width] * (12 - FIRST_ROW)
        assert not any(sheet.column_dimensions[name].protection.locked for name in sheet.column_dimensions)
    cover = book["Титульный лист"]
    free = [cell.coordinate for row in cover.iter_rows() for cell in row if not cell.protection.locked]
    assert len(free) == 3 + len(TABLES)  # contact, nothing to report, revision; of each table whether it has nothing


def pages_of(sheet: Worksheet) -> tuple[int, int]:
    """How many pages a sheet fits, across and down; the file says nothing where it is one."""
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    width, height = sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight
    return 1 if width is None else int(width), 1 if height is None else int(height)


def test_a_page_for_the_cover_and_for_each_table_and_a_second_for_seizures(tmp_path: Path) -> None:
    cover, *tables = load_workbook(written(tmp_path / "form.xlsx")).worksheets[:-1]
    assert (cover.page_setup.orientation, pages_of(cover)) == ("portrait", (1, 1))
    assert {sheet.title: pages_of(sheet) for sheet in tables} == {
        sheet.title: (2 if sheet.title == "Изъятия" else 1, 0) for sheet in tables
    }


def test_page_is_a4_with_headings_and_foot_in_both_languages_on_each(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path / "form.xlsx"))
    for sheet in book.worksheets[:-1]:
        assert sheet.page_setup.paperSize == 9
        foot = sheet.oddFooter.left.text
        assert foot.endswith("1 · TJK · 2024-05")
        assert all(title in foot for title in (QUESTIONNAIRE.title.ru, QUESTIONNAIRE.title.en))
        assert sheet.oddFooter.right.text == "&P / &N"
    sheet = book["Изъятия"]
    assert (sheet.print_title_rows, sheet.print_title_cols, sheet.freeze_panes) == ("$4:$5", "$A:$A", "B6")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)


def test_row_count_says_how_many_rows_are_prepared(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path / "form.xlsx", row_count=300))
    ends = {re.sub(r"^[A-Z]+\d+:[A-Z]+", "", str(rule.sqref)) for rule in book["Цены"].data_validations.dataValidation}
    assert ends == {str(FIRST_ROW + 300)}


def test_same_form_gives_the_same_bytes_and_names_no_person(tmp_path: Path) -> None:
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_template(path, "TJK", period=MAY, language="both", questionnaire=QUESTIONNAIRE, codelists=CODELISTS)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        core = archive.read("docProps/core.xml").decode()
        assert "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>" in core
        assert "2024-01-01T00:00:00Z" in core
        assert b"<authors><author></author></authors>" in archive.read("xl/comments1.xml")
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)


def test_country_that_is_no_member_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"DEU is no member state\. Choose one of KAZ, KGZ"):
        written(tmp_path / "form.xlsx", "ru", "DEU")


# What a cell of a workbook can hold; the reader passes over cells that hold white space alone.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
    min_size=1, max_size=40,
).filter(str.strip)  # fmt: skip
NUMBER = st.decimals(min_value=0, max_value=10**6, places=3).map(float)
DAY = st.dates(MAY, date(2024, 5, 31))


def as_landed(value: Any) -> str:
    if isinstance(value, float):
        return format(value, ".3f").rstrip("0").rstrip(".")
    return str(value)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.chance
@settings(max_examples=examples(2, 20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_typed_text_is_read_back_unchanged(language: FormLanguage, tmp_path: Path, data: st.DataObject) -> None:
    seizure = st.fixed_dictionaries(
        {"record_id": st.just("N-1"), "seizure_date": DAY, "drug": TEXT, "quantity": NUMBER, "unit": TEXT},
        optional={"place": TEXT, "purity_pct": NUMBER, "notes": TEXT, "agency": TEXT},
    )
    person = st.fixed_dictionaries({"persons_count": st.integers(0, 10**9), "sex": TEXT})
    answers = {
        name: data.draw(st.lists(row, min_size=1, max_size=8))
        for name, row in (("seizures", seizure), ("persons", person))
    }
    path = written(tmp_path / "form.xlsx", language)
    fill(path, answers, edition_of(language))
    reading = read(path, tmp_path)
    assert reading.findings == ()
    landed = rows_of(reading)
    for name, rows in answers.items():
        assert landed[name] == [{field: as_landed(value) for field, value in row.items()} for row in rows]


# What LibreOffice saves. A form of both languages holds what one in English does.
SAVED: tuple[FormLanguage, ...] = ("ru", "both")
SAMPLE: dict[str, list[dict[str, Any]]] = {
    "seizures": [
        {
            "record_id": "0012",
            "seizure_date": date(2024, 5, 3),
            "drug": "Героин",
            "quantity": 0.152,
            "unit": "килограмм",
        },
        {"record_id": "1-2", "seizure_date": date(2024, 5, 31), "drug": "опий", "quantity": 1234.5, "unit": "г"},
    ],
    "persons": [{"sex": "Женский", "persons_count": 3}],
    "prices": [{"drug": "Героин", "price_typical": 800.0, "currency": "Сомони"}],
    "activities": [{"activity_date": date(2024, 5, 9), "activity_type": "Совместный патруль", "result": "=1+1"}],
}
ANSWERS_TO_RULES: list[tuple[str, str, Any, bool]] = [
    ("seizures", "quantity", 0.5, True),
    ("seizures", "quantity", 0, False),
    ("seizures", "quantity", "12,5 кг", False),
    ("seizures", "quantity", "не известно", True),
    ("seizures", "quantity", "Not known", True),
    ("seizures", "quantity", "--", True),
    ("seizures", "purity_pct", 100, True),
    ("seizures", "purity_pct", 101, False),
    ("seizures", "seizure_date", datetime(2024, 5, 31, 23), True),
    ("seizures", "seizure_date", datetime(2024, 6, 1), False),
    ("seizures", "seizure_date", datetime(2024, 4, 30), True),
    ("seizures", "seizure_date", "31.05.2024", False),
    ("persons", "persons_count", 0, True),
    ("persons", "persons_count", 1.5, False),
    ("persons", "persons_count", -1, False),
    ("persons", "month", "2024-05", True),
    ("persons", "month", "2024-06", False),
    ("persons", "month", "н/д", True),
]


def rules_as_formulas(path: Path) -> None:
    """Write values in column A and, beside each, the formula that judges it in the form."""
    book = Workbook()
    words = book.create_sheet("words")
    for word in ("не известно", "not known", "--", "н/д"):
        words.append([word])
    book.defined_names["list_missing_values"] = DefinedName("list_missing_values", attr_text="words!$A$1:$A$4")
    for number, (table, name, value, _) in enumerate(ANSWERS_TO_RULES, start=1):
        found = QUESTIONNAIRE.table(table)
        rule = cell_rule(found.field(name), edition_of(), f"A{number}", is_period=found.period == name, has_list=False)
        book["Sheet"][f"A{number}"], book["Sheet"][f"B{number}"] = value, rule["value"]
    book.save(path)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Files as written, and as LibreOffice saves them after opening them."""
    folder = tmp_path_factory.mktemp("libreoffice")
    for language in SAVED:
        fill(written(folder / f"{language}.xlsx", language), SAMPLE, edition_of(language))
    mark = Mark("error", "value_unreadable", Words(en="Not a number.", ru="Не число."), "seizures", 0, "quantity", "x")
    answers = Answers({"seizures": texts_of([{"drug": "=1+1", "quantity": "x"}])}, [mark])
    write_return_workbook(folder / "return.xlsx", edition_of(), answers)
    rules_as_formulas(folder / "rules.xlsx")
    names = (*SAVED, "return", "rules")
    saved_by_libreoffice([folder / f"{name}.xlsx" for name in names], folder / "saved")
    return lambda name: (folder / f"{name}.xlsx", folder / "saved" / f"{name}.xlsx")


@pytest.mark.parametrize("language", SAVED)
def test_libreoffice_keeps_rules_names_and_answers(
    language: FormLanguage, saved: Callable[[str], tuple[Path, Path]], tmp_path: Path
) -> None:
    sent, resaved = saved(language)
    before, after = load_workbook(sent), load_workbook(resaved)
    assert set(after.defined_names) == set(before.defined_names)
    for table in TABLES:
        name = edition_of(language).sheet_name(table)
        rules, kept = (
            [
                (rule.type, rule.errorStyle or "stop", rule.error, rule.prompt)
                for rule in book[name].data_validations.dataValidation
            ]
            for book in (before, after)
        )
        assert sorted(map(str, kept)) == sorted(map(str, rules))
        assert after[name].protection.sheet
    reading = read(resaved, tmp_path)
    assert reading.findings == ()
    expected = {
        name: [{field: as_landed(value) for field, value in row.items()} for row in rows]
        for name, rows in SAMPLE.items()
    }
    assert {name: rows for name, rows in rows_of(reading).items() if rows} == expected


def test_libreoffice_opens_the_return_workbook(saved: Callable[[str], tuple[Path, Path]], tmp_path: Path) -> None:
    _, resaved = saved("return")
    reading = read(resaved, tmp_path)
    assert reading.findings == ()
    assert rows_of(reading)["seizures"] == [{"drug": "=1+1", "quantity": "x"}]


def test_rules_let_pass_what_the_warehouse_accepts(saved: Callable[[str], tuple[Path, Path]]) -> None:
    _, resaved = saved("rules")
    sheet = load_workbook(resaved, data_only=True)["Sheet"]
    judged = [bool(sheet[f"B{number}"].value) for number in range(1, len(ANSWERS_TO_RULES) + 1)]
    alerts = [
        (table, name, value, verdict) for (table, name, value, _), verdict in zip(ANSWERS_TO_RULES, judged, strict=True)
    ]
    assert alerts == ANSWERS_TO_RULES
