"""The XLSForm as pyxform reads it; ODK Validate, which needs Java, is left to whoever publishes a form."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from written_forms import CODELISTS, QUESTIONNAIRE

from warehouse.forms.xlsform import write_xlsform
from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.questionnaire.definition import Field, Questionnaire, Table, Words, parse_questionnaire
from warehouse.words.form_words import measured_title
from warehouse.words.xlsform_words import answered_question

if TYPE_CHECKING:
    from pyxform.xls2xform import ConvertResult  # type: ignore[import-untyped]

MEMBERS = member_states(CODELISTS)
XF = "{http://www.w3.org/2002/xforms}"
JR = "{http://openrosa.org/javarosa}"
TYPES = {"string": "string", "number": "decimal", "integer": "int", "date": "date"}
ASKED = [(table, field) for table in QUESTIONNAIRE.tables for field in table.fields if field.asked]
LISTS = sorted({field.codelist for _, field in ASKED if field.codelist})
ENGLISH, RUSSIAN = "English (en)", "Russian (ru)"


def converted(country_code: str, questionnaire: Questionnaire = QUESTIONNAIRE) -> "ConvertResult":
    from pyxform.xls2xform import convert  # here, as every process of the tests collects this module

    with TemporaryDirectory() as folder:
        path = Path(folder, "form.xlsx")
        write_xlsform(path, country_code, questionnaire=questionnaire, codelists=CODELISTS)
        return convert(path)


class Form:
    """The XForm that a telephone gets."""

    def __init__(self, result: "ConvertResult") -> None:
        self.warnings, root = result.warnings, ET.fromstring(result.xform)  # noqa: S314 - our own
        self.binds = {bind.attrib["nodeset"]: bind.attrib for bind in root.iter(f"{XF}bind")}
        self.controls = {
            node.attrib["ref"]: node for node in root.iter() if "ref" in node.attrib and "label" not in node.tag
        }
        self.texts = {
            translation.attrib["lang"]: {text.attrib["id"]: text.findtext(f"{XF}value") for text in translation}
            for translation in root.iter(f"{XF}translation")
        }
        self.lists = {
            instance.attrib["id"]: [
                (item.findtext(f"{XF}name"), item.findtext(f"{XF}itextId")) for item in instance.iter(f"{XF}item")
            ]
            for instance in root.iter(f"{XF}instance")
            if "id" in instance.attrib
        }
        [self.data] = [
            child for instance in root.iter(f"{XF}instance") for child in instance if "version" in child.attrib
        ]

    def words_of(self, key: str) -> Words:
        return Words(en=str(self.texts[ENGLISH][key]), ru=str(self.texts[RUSSIAN][key]))


@cache
def form_of(country_code: str) -> Form:
    return Form(converted(country_code))


@pytest.fixture
def form() -> Form:
    return form_of("TJK")


def path_of(table: Table, field: Field) -> str:
    return f"/data/{table.name}/{field.name}"


@pytest.mark.parametrize("country_code", MEMBERS)
def test_form_of_every_country_is_converted_without_a_warning(country_code: str) -> None:
    form = form_of(country_code)
    assert form.warnings == []
    assert form.data.attrib["id"] == f"sarai_{country_code}"
    assert form.data.attrib["version"].startswith(f"{QUESTIONNAIRE.version}-")


def test_every_question_is_asked_in_the_repeat_of_its_table_in_order(form: Form) -> None:
    for table in QUESTIONNAIRE.tables:
        names = [path.rsplit("/", 1)[1] for path in form.binds if path.startswith(f"/data/{table.name}/")]
        assert [name for name in names if not name.endswith("_missing")] == [f.name for t, f in ASKED if t is table]
        assert form.words_of(f"/data/{table.name}:label") == table.title


@pytest.mark.parametrize(("table", "field"), ASKED, ids=lambda part: part.name)
def test_question_has_its_words_in_both_languages_and_its_type(table: Table, field: Field, form: Form) -> None:
    path = path_of(table, field)
    assert form.words_of(f"{path}:label") == measured_title(field)
    assert form.words_of(f"{path}:hint") == field.description
    assert form.binds[path]["type"] == TYPES[field.type]
    control = form.controls[path]
    assert control.tag == (f"{XF}select1" if field.codelist else f"{XF}input")
    if field.codelist:
        [itemset] = control.iter(f"{XF}itemset")
        assert itemset.attrib["nodeset"].startswith(f"instance('{field.codelist}')")
        assert (control.get("appearance") == "autocomplete") == (len(form.lists[field.codelist]) > 12)


@pytest.mark.parametrize(("table", "field"), ASKED, ids=lambda part: part.name)
def test_answer_is_required_and_bounded_as_the_questionnaire_says(table: Table, field: Field, form: Form) -> None:
    bind = form.binds[path_of(table, field)]
    limits = field.constraints
    is_figure = field.type in ("number", "integer")
    required = (f"../{field.name}_missing = ''" if is_figure else "true()") if limits.required else None
    assert bind.get("required") == required
    expected = [
        f". {sign} {bound:.15g}"
        for sign, bound in ((">=", limits.minimum), (">", limits.exclusive_minimum), ("<=", limits.maximum))
        if bound is not None
    ]
    if limits.max_length:
        expected = [f"string-length(.) <= {limits.max_length}"]
    if field.type == "date":
        month = "number(format-date(., '%Y%m')) <= number(format-date( /data/header/period , '%Y%m'))"
        expected = [month if field.name == table.period else ". >= date('1990-01-01')"]
    assert bind.get("constraint") == (" and ".join(expected) or None)
    if expected:
        words = form.words_of(f"{path_of(table, field)}:jr:constraintMsg")
        assert words.en != words.ru
        assert str(limits.max_length or "") in words.en


def test_required_figure_may_be_missing_for_a_reason(form: Form) -> None:
    reasons = {path.removesuffix("_missing") for path in form.binds if path.endswith("_missing")}
    figures = {path_of(t, f) for t, f in ASKED if f.constraints.required and f.type in ("number", "integer")}
    assert reasons == figures > set()
    codes = {code for code, _ in form.lists["missing_values"]}
    assert codes == set(load_codelist(CODELISTS, "missing_values").entries)


@pytest.mark.parametrize("country_code", MEMBERS)
def test_every_list_is_complete_and_its_names_are_our_codes(country_code: str) -> None:
    for codelist in LISTS:
        assert_complete(form_of(country_code), country_code, codelist)


def assert_complete(form: Form, country_code: str, codelist: str) -> None:
    listed = load_codelist(CODELISTS, codelist)
    expected = {
        code: Words(en=row["name_en"].replace("’", "'"), ru=row["name_ru"].replace("’", "'"))  # as pyxform does
        for code, row in listed.entries.items()
        if row.get("country_code", "") in ("", country_code) and not row.get("valid_to")
        if row.get("is_offered") != "false"
    }
    offered = form.lists[codelist]
    assert {code: form.words_of(str(key)) for code, key in offered} == expected
    assert len(offered) == len(expected) > 0
    for code, words in expected.items():
        meant = [listed.code_of(text, country_code) for text in (code, words.en, words.ru)]
        assert meant == [code] * 3


def test_own_country_comes_first_and_its_places_alone(form: Form) -> None:
    assert [code for code, _ in form.lists["countries"]][:4] == ["TJK", "AFG", "CHN", "KGZ"]
    assert form.lists["reporting_country"] == [("TJK", form.lists["reporting_country"][0][1])]
    assert {str(code)[:3] for code, _ in form.lists["subdivisions"] + form.lists["border_points"]} == {"TJ-"}


def test_cover_asks_country_month_revision_and_nil_return_and_no_name(form: Form) -> None:
    header = {path.removeprefix("/data/header/"): bind for path, bind in form.binds.items() if "/header/" in path}
    assert list(header) == ["no_names", "country", "period", "revision", "contact", "nil_return", "version"]
    assert form.data.findtext(f"{XF}header/{XF}country") == "TJK"
    assert header["version"]["calculate"] == f"'{QUESTIONNAIRE.version}'"
    assert (header["period"]["type"], header["period"]["constraint"]) == ("date", ". <= today()")
    assert form.controls["/data/header/period"].get("appearance") == "month-year"


def test_tables_are_opened_by_an_answer_and_closed_by_a_nil_return(form: Form) -> None:
    assert form.binds["/data/contents"]["relevant"].split() == ["/data/header/nil_return", "=", "'NO'"]
    for table in QUESTIONNAIRE.tables:
        path = f"/data/contents/has_{table.name}"
        assert form.binds[f"/data/{table.name}"]["relevant"].split() == [path, "=", "'YES'"]
        assert form.words_of(f"{path}:label") == answered_question(table)


def test_same_questionnaire_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for path in paths:
        write_xlsform(path, "KAZ", questionnaire=QUESTIONNAIRE, codelists=CODELISTS)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_country_that_does_not_report_has_no_form(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ABW is no member state"):
        write_xlsform(tmp_path / "x.xlsx", "ABW", questionnaire=QUESTIONNAIRE, codelists=CODELISTS)


def other_fields() -> Iterator[tuple[str, dict[str, Any]]]:
    title = {"en": 'It\'s "so" & <so>', "ru": "Вот «так»"}
    words = {"title": title, "description": title}
    yield "day", {"type": "date", "constraints": {"required": True}, **words}
    yield "of_month", {"type": "yearmonth", **words}
    yield "is_so", {"type": "boolean", **words}
    yield "any_number", {"type": "number", "constraints": {"required": True}, **words}
    yield "untitled", {"type": "string", **words}


def test_form_of_another_questionnaire_is_made_by_the_same_rules() -> None:
    fields = dict(other_fields())
    title = {"en": "Other", "ru": "Иное"}
    tables = {
        name: {"title": title, "description": title, "period": "day", "fields": list(fields)} for name in ("one", "two")
    }
    content = {"version": "2's", "title": title, "fields": fields, "tables": tables}
    form = Form(converted("KGZ", parse_questionnaire(content)))
    assert form.warnings == []
    assert form.controls["/data/one/of_month"].get("appearance") == "month-year"
    assert form.controls["/data/two/is_so"].tag == f"{XF}select1"
    assert "constraint" not in form.binds["/data/one/any_number"]
    assert form.data.attrib["version"].startswith("2's-")


def test_changed_form_has_another_version() -> None:
    renamed = QUESTIONNAIRE.model_copy(update={"tables": QUESTIONNAIRE.tables[:-1]})
    assert Form(converted("TJK", renamed)).data.attrib["version"] != form_of("TJK").data.attrib["version"]
