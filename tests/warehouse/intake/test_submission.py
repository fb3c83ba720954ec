from datetime import date, datetime

import pytest

from warehouse.findings.messages import describe_finding
from warehouse.intake.identity import (
    BY_COVER,
    BY_FILE_NAME,
    BY_FOLDER,
    Contradiction,
    Identity,
    Statement,
    cover_statement,
    identify,
    path_statements,
    stated_revision,
)
from warehouse.intake.submission import Submission, identity_findings, submission_id, version_findings
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

CODELISTS = Settings().codelists
MAY = date(2024, 5, 1)


def identity_of(file_name: str, *covers: dict[str, str]) -> Identity:
    return identify([*path_statements(file_name, CODELISTS), *(cover_statement(cover, CODELISTS) for cover in covers)])


@pytest.mark.parametrize(
    "file_name",
    [
        "KAZ/KAZ_2024-05.csv",
        "kaz/2024-05/report.xlsx",
        "KAZ/май 2024.json",
        "KAZ/Mar_and_KAZ 2024-05.csv",
        "2024-05 kaz",
    ],
)
def test_path_states_country_and_month(file_name: str) -> None:
    assert identity_of(file_name) == Identity("KAZ", MAY)


def test_cover_completes_what_the_path_leaves_open() -> None:
    cover = {"country": "Республика Казахстан", "period": "май 2024"}
    assert identity_of("report.xlsx", cover) == Identity("KAZ", MAY)


def test_every_name_of_a_state_on_a_cover_contradicts_the_folder_of_another() -> None:
    countries = load_codelist(CODELISTS, "countries")
    names = {*countries.spellings, *(entry["name_ru"] for entry in countries.entries.values())}
    assert len(names) > 1_300
    for name in names:
        code, cover = str(countries.code_of(name)), {"country": f" {name} "}
        other = "UZB" if code == "KAZ" else "KAZ"
        assert identity_of(f"{other}/2024-05.csv", cover).contradictions == [
            Contradiction("country_code", BY_FOLDER, other, BY_COVER, code)
        ], name


# Short and long forms as the five states write their own and each other's names, with every kind of apostrophe.
NAMES = {
    "KAZ": ("Қазақстан Республикасы", "Qazaqstan Respublikasy", "Қазоқистон", "Ҷумҳурии Қазоқистон", "Gazagystan",
            "Qozog’iston", "Qozogʻiston Respublikasi", "Қозоғистон Республикаси", "Казакстан", "Республика Казахстан"),
    "KGZ": ("Kyrgyz Respublikasy", "Кыргыз Республикасы", "Qirg’iziston", "Qirg`iz Respublikasi", "Қирғизистон",
            "Қырғыз Республикасы", "Gyrgyzystan", "Ҷумҳурии Қирғизистон", "Киргизская Республика"),
    "TJK": ("Тоҷикистон", "Jumhurii Tojikiston", "Ҷумҳурии Тоҷикистон", "Tojikiston Respublikasi",
            "Тожикистон Республикаси", "Тәжікстан Республикасы", "Тажикстан", "Täjigistan", "Республика Таджикистан"),
    "TKM": ("Türkmenistan Respublikasy", "Туркманистон", "Turkmaniston Respublikasi", "Түрікменстан", "Түркмөнстан",
            "Ҷумҳурии Туркманистон", "Республика Туркменистан", "Republic of Turkmenistan"),
    "UZB": ("Özbekistan", "Ozbekiston", "O`zbekiston", "Oʼzbekiston Respublikasi", "O´zbekiston", "Ўзбекистон",
            "Ўзбекистон Республикаси", "Республика Ўзбекистон", "Ҷумҳурии Ӯзбекистон", "Өзбекстан Республикасы",
            "Özbegistan Respublikasy", "Ózbekstan Respublikası", "Respublika O‘zbekiston"),
}  # fmt: skip


def test_covers_name_states_in_their_own_and_each_others_languages() -> None:
    stated = {name: cover_statement({"country": name}, CODELISTS) for names in NAMES.values() for name in names}
    assert {name: one.country_code for name, one in stated.items()} == {
        name: code for code, names in NAMES.items() for name in names
    }
    assert {one.unclear for one in stated.values()} == {()}


def test_contradictions_are_reported_and_the_folder_takes_precedence() -> None:
    identity = identity_of("KAZ/UZB_2024-05.xlsx", {"country": "UZB", "period": "2024-06"})
    assert (identity.country_code, identity.month) == ("KAZ", MAY)
    assert identity.contradictions == [
        Contradiction("country_code", BY_FOLDER, "KAZ", BY_FILE_NAME, "UZB"),
        Contradiction("country_code", BY_FOLDER, "KAZ", BY_COVER, "UZB"),
        Contradiction("month", BY_FILE_NAME, "2024-05", BY_COVER, "2024-06"),
    ]
    findings = identity_findings(submission(), identity, ("KAZ", "UZB"))
    assert [describe_finding(finding, "ru", load_questionnaire()) for finding in findings[:1]] == [
        "KAZ/x.csv: страна указана по-разному: папка — KAZ, имя файла — UZB. Исправьте неверное и пришлите файл снова."
    ]


def test_unclear_cover_is_reported_and_never_used() -> None:
    identity = identity_of("KAZ/x.xlsx", {"country": "../../etc", "period": "2 квартал"})
    assert (identity.country_code, identity.month) == ("KAZ", None)
    assert identity.unclear == [(BY_COVER, "country", "../../etc"), (BY_COVER, "period", "2 квартал")]


def test_revision_and_nil_return_are_understood_or_reported() -> None:
    answers = [{"revision": text, "nil_return": nil} for text, nil in (("2.0", "Да"), ("0", "no"), ("вторая", "?"))]
    assert [stated_revision(given) for given in answers] == [2, 0, None]
    assert stated_revision({}) is None
    assert cover_statement(answers[0], CODELISTS).unclear == ()
    assert cover_statement(answers[2], CODELISTS).unclear == (("nil_return", "?"), ("revision", "вторая"))


def test_folder_may_name_a_country_that_is_no_member() -> None:
    assert identity_of("FRA/2024-05.csv").country_code == "FRA"
    assert identity_of("inbox/for_mar_2024-05.csv").country_code is None


def test_id_tells_country_month_and_bytes() -> None:
    assert submission_id("KAZ", MAY, "3fa9c1d2e4b7" + "0" * 52) == "KAZ-2024-05-3fa9c1d2e4b7" + "0" * 20
    assert submission_id(None, None, "3fa9c1d2e4b7" + "0" * 52) == "UNKNOWN-UNKNOWN-3fa9c1d2e4b7" + "0" * 20


def submission(country: str | None = "KAZ", month: date | None = MAY, version: str | None = None) -> Submission:
    received = datetime(2024, 5, 31)
    return Submission("id", "0" * 64, country, month, received, "KAZ/x.csv", 1, questionnaire_version=version)


def rules(given: Submission, identity: Identity | None = None) -> list[tuple[str, str]]:
    findings = identity_findings(given, identity or Identity(), ("KAZ", "UZB"))
    assert all(describe_finding(finding, "en", load_questionnaire()).startswith("KAZ/x.csv: ") for finding in findings)
    return [(finding.severity, finding.rule) for finding in findings]


def test_findings_about_country_and_month() -> None:
    assert rules(submission()) == []
    assert rules(submission(country=None)) == [("error", "country_unknown")]
    assert rules(submission(country="FRA")) == [("error", "country_unknown")]
    assert rules(submission(month=None)) == [("error", "period_unknown")]
    assert rules(submission(month=date(2024, 6, 1))) == [("error", "period_in_future")]
    identity = identify([Statement(BY_COVER, "KAZ", unclear=(("period", "x"),)), Statement(BY_FOLDER, "UZB")])
    assert rules(submission(), identity) == [("error", "identity_contradicted"), ("warning", "cover_unclear")]


def test_closed_version_is_an_error() -> None:
    assert version_findings(submission(), "1") == []
    assert version_findings(submission(version="1"), "1") == []
    [finding] = version_findings(submission(version="0"), "1")
    assert (finding.severity, finding.rule, finding.value) == ("error", "version_closed", "0")
