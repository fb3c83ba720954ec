"""The round trip: a report with planted faults, the answer to it, the return workbook corrected and sent back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import begin_prepared, fill_inbox
from openpyxl import load_workbook
from settled_files import settle
from written_forms import QUESTIONNAIRE, answer_cover, edition_of, fill, written

from warehouse.answers.assembly import read_last_answer
from warehouse.answers.feedback import write_answers
from warehouse.findings.return_sheet_words import FINDINGS_SHEET, HEADER_ROW, REPLY_COLUMN
from warehouse.forms.style import MARKED, PROPOSED
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

SHEETS = {"TJK": FINDINGS_SHEET.ru, "UZB": FINDINGS_SHEET.en, "KGZ": FINDINGS_SHEET.en}  # as their headings speak
KG = "Килограмм"
SEIZURES = [
    {"record_id": "Т-1", "seizure_date": date(2024, 5, 3), "drug": "Героин", "quantity": 2.4, "unit": KG},
    {"record_id": "Т-2", "seizure_date": "в начале мая", "drug": "Опий", "quantity": 3.1, "unit": KG},
    {"record_id": "Т-3", "seizure_date": date(2024, 6, 2), "drug": "Опий", "quantity": 5, "unit": KG},
    {"record_id": "Т-4", "seizure_date": date(2024, 5, 9), "drug": "белый порошок", "quantity": 0.7, "unit": KG},
    {"record_id": "Т-5", "seizure_date": date(2024, 5, 11), "drug": "Героин", "quantity": "много", "unit": KG},
    {"record_id": "Т-6", "seizure_date": date(2024, 5, 12), "drug": "Опий", "quantity": -0.8, "unit": KG},
    {"record_id": "Т-7", "seizure_date": date(2024, 5, 12), "drug": "Марихуана", "quantity": 900},
    {"record_id": "Т-8", "seizure_date": date(2024, 5, 14), "drug": "Героин", "quantity": "500 г", "unit": KG},
    {
        "record_id": "Т-9",
        "seizure_date": date(2024, 5, 15),
        "drug": "Опий",
        "quantity": 1,
        "unit": KG,
        "purity_pct": 140,
    },
    {"record_id": "Т-1", "seizure_date": date(2024, 5, 16), "drug": "Героин", "quantity": 1.9, "unit": KG},
]
FORM = {
    "seizures": SEIZURES,
    "persons": [{"sex": "Женский", "persons_count": 2.5}],
    "prices": [
        {"drug": "Героин", "price_unit": "Грамм", "price_minimum": 90, "price_typical": 60, "currency": "TJS"},
    ],
    "activities": [
        {
            "activity_date": date(2024, 5, 20), "activity_end_date": date(2024, 5, 18), "activity_type": "Обучение",
            "participants_female_count": 3,
        },
    ],
}  # fmt: skip
# Where each fault is planted, the rule that finds it, and what its sender writes instead.
FAULTS = {
    "Изъятия B7": ("value_unreadable", date(2024, 5, 2)),
    "Изъятия B8": ("date_outside_period", date(2024, 5, 30)),
    "Изъятия G9": ("code_unknown", "Героин"),
    "Изъятия H10": ("value_unreadable", 1.5),
    "Изъятия H11": ("value_not_above", 0.8),
    "Изъятия I12": ("value_missing", "Грамм"),
    "Изъятия H13": ("unit_contradicted", 0.5),
    "Изъятия J14": ("value_too_large", 14),
    "Изъятия A15": ("record_repeated", "Т-10"),
    "Лица H6": ("number_not_whole", 2),
    "Цены G6": ("prices_disordered", 95),
    "Мероприятия B6": ("dates_disordered", None),
}
HEADINGS = "Date of seizure;Drug;Quantity;Unit;Notes\n"
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "<script>alert(1)</script>"]
CSV = {
    # An error, and two rows that are unusual and right.
    "UZB/UZB_2024-05.csv": (
        f"{HEADINGS}05.05.2024;Opium;1,5;kg;\n06.05.2024;Heroin;5000;kg;one find\n07.05.2024;Opium;much;kg;\n"
        "08.05.2024;Opium;2;kg;twice\n08.05.2024;Opium;2;kg;twice\n"
    ),
    # An error that its sender confirms instead of correcting it, and text that a spreadsheet or a browser would run.
    "KGZ/KGZ_2024-05.csv": HEADINGS
    + "".join(f'{day:02}.05.2024;"{text}";much;kg;"{text}"\n' for day, text in enumerate(DANGEROUS, start=1)),
}


@dataclass(frozen=True)
class Trip:
    """A warehouse, and the answers to the report, to its correction and to a second correction, by country."""

    settings: Settings
    sent: dict[str, Any]
    corrected: dict[str, Any]
    changed: dict[str, Any]


@pytest.fixture(scope="module")
def trip(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """Send three reports, send their return workbooks back, and one of these once more and as another country."""
    from flows.ingest import ingest

    assert prefect_api
    settings = Settings(home=tmp_path_factory.mktemp("trip") / "var")
    begin_prepared(settings)
    fill_inbox(settings.inbox, CSV)
    (settings.inbox / "TJK").mkdir()
    form = written(settings.inbox / "TJK" / "TJK_2024-05.xlsx")
    fill(form, FORM, edition_of())
    answer_cover(form, {QUESTIONNAIRE.table("staff").title: "да"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARAI_HOME", str(settings.root))
        ingest()
        sent = answers(settings)
        correct(sent["TJK"], settings, {cell: value for cell, (_, value) in FAULTS.items()})
        replies = {"quantity_implausible": " Подтверждаю ", "row_repeated": "ПОДТВЕРЖДЕНО"}
        correct(sent["UZB"], settings, {"Seizures H8": 0.4}, replies, reverse=True)
        correct(sent["KGZ"], settings, {}, {"code_unknown": "confirmed"})
        ingest()
        corrected = answers(settings)
        ask_for_the_form(corrected["UZB"], settings)
        corrected = answers(settings)
        correct(corrected["UZB"], settings, {"Seizures H9": 6000}, name="UZB/again_UZB_2024-05.xlsx")
        send_as_kazakhstan(settings.inbox / "UZB" / "return_UZB_2024-05.xlsx", settings)
        ingest()
        yield Trip(settings, sent, corrected, answers(settings))


def send_as_kazakhstan(source: Path, settings: Settings) -> None:
    """Send what another country has sent back, with the name on its cover changed."""
    book = load_workbook(source)
    for row in book["Cover"].iter_rows():
        if row[1].value == "Uzbekistan":
            row[1].value = "Kazakhstan"
    target = settings.inbox / "KAZ" / "KAZ_2024-05.xlsx"
    target.parent.mkdir()
    book.save(target)
    settle(target)


def ask_for_the_form(answer: dict[str, Any], settings: Settings) -> None:
    """Write the return workbook of a report in which nothing is to be corrected, as `sarai answer` does."""
    assert answer["return_workbook"] is None
    with open_database(settings) as connection:
        last = read_last_answer(connection, answer["submission"]["submission_id"])
        assert last
        write_answers(connection, [last], settings, always_return=True)


def answers(settings: Settings) -> dict[str, Any]:
    """Return the last answer to each country, with the folder it lies in."""
    found: dict[str, Any] = {}
    for path in settings.feedback.glob("*/*/*/answer.json"):
        answer = json.loads(path.read_text(encoding="utf-8")) | {"folder": path.parent}
        country = answer["submission"]["country_code"]
        if country not in found or found[country]["submission"]["received_at"] < answer["submission"]["received_at"]:
            found[country] = answer
    return found


def workbook_of(answer: dict[str, Any]) -> Any:
    return load_workbook(answer["folder"] / answer["return_workbook"])


def marked_cells(answer: dict[str, Any]) -> dict[str, str]:
    """Return cell → severity, or "proposed", of every coloured answer of a return workbook; each has its comment."""
    looks = [*MARKED.items(), ("proposed", PROPOSED)]
    colours = {f"FF{look['bg_color'][1:]}": severity for severity, look in looks}
    cells: dict[str, str] = {}
    for sheet in workbook_of(answer):
        for row in sheet.iter_rows(min_row=6):
            for cell in row:
                if not cell.protection.locked and cell.fill.fgColor.rgb in colours:
                    assert cell.comment is not None
                    cells[f"{sheet.title} {cell.coordinate}"] = colours[cell.fill.fgColor.rgb]
    return cells


def listed(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Return place and rule of each row of the sheet of findings."""
    rows = workbook_of(answer)[SHEETS[answer["submission"]["country_code"]]].iter_rows(
        min_row=HEADER_ROW + 2, values_only=True
    )
    return [(row[2], row[REPLY_COLUMN - 1]) for row in rows]


def correct(
    answer: dict[str, Any],
    settings: Settings,
    values: dict[str, Any],
    replies: dict[str, str] | None = None,
    *,
    reverse: bool = False,
    name: str | None = None,
) -> None:
    """Write values and replies into a return workbook, turn its rows round if asked, and send it back."""
    book = workbook_of(answer)
    for place, value in values.items():
        title, cell = place.rsplit(" ", 1)
        book[title][cell] = value
    for row in book[SHEETS[answer["submission"]["country_code"]]].iter_rows(min_row=HEADER_ROW + 2):
        row[REPLY_COLUMN].value = (replies or {}).get(row[REPLY_COLUMN - 1].value)
    if reverse:
        count = answer["received_count"]
        rows = [[cell.value for cell in row] for row in book["Seizures"].iter_rows(min_row=6, max_row=5 + count)]
        for number, row in enumerate(reversed(rows), start=6):
            for column, value in enumerate(row, start=1):
                book["Seizures"].cell(number, column).value = value
    country = answer["submission"]["country_code"]
    target = settings.inbox / (name or f"{country}/{answer['return_workbook']}")
    book.save(target)
    settle(target)


def test_twelve_faults_get_twelve_findings_at_their_cells_and_no_thirteenth(trip: Trip) -> None:
    answer = trip.sent["TJK"]
    found = [(finding["cell"], finding["rule"]) for finding in answer["findings"]]
    assert sorted(found) == sorted((cell, rule) for cell, (rule, _) in FAULTS.items())
    assert marked_cells(answer) == dict.fromkeys(FAULTS, "error") | dict.fromkeys(
        ["Изъятия H13", "Изъятия I12"], "proposed"
    )
    assert sorted(listed(answer)) == sorted(found)
    rejected = [part["table"] for part in answer["tables"] if part["outcome"] == "rejected"]
    assert (answer["error_count"], answer["outcome"], rejected) == (12, "accepted", ["seizures"])


def test_the_corrected_workbook_passes(trip: Trip) -> None:
    answer = trip.corrected["TJK"]
    assert answer["submission"]["file_name"] == "TJK/return_TJK_2024-05.xlsx"
    assert (answer["submission"]["revision"], answer["outcome"], answer["findings"]) == (1, "accepted", [])
    assert (answer["accepted_count"], answer["state"]) == (13, "current")
    progress = answer["progress"]
    assert (progress["fixed_count"], progress["left_count"], progress["new_count"]) == (12, 0, 0)
    assert progress["accepted_count"] == 1  # the half kilogram that was proposed for 500 г
    assert answer["return_workbook"] is None


def test_a_confirmed_warning_is_not_asked_again_wherever_its_row_moves(trip: Trip) -> None:
    before, answer = trip.sent["UZB"], trip.corrected["UZB"]
    assert sorted(finding["rule"] for finding in before["findings"]) == [
        "quantity_implausible", "row_repeated", "value_unreadable",
    ]  # fmt: skip
    assert [(f["number"], f["rule"], f["state"]) for f in answer["findings"]] == [
        ("C01", "row_repeated", "confirmed"),
        ("C02", "quantity_implausible", "confirmed"),
    ]
    assert (answer["error_count"], answer["warning_count"], answer["confirmed_count"]) == (0, 0, 2)
    progress = answer["progress"]
    counts = [progress[f"{name}_count"] for name in ("fixed", "confirmed", "left", "new")]
    assert counts == [1, 2, 0, 0]
    assert marked_cells(answer) == {}
    assert "Подтверждено вами" in (answer["folder"] / "answer_ru.html").read_text(encoding="utf-8")


def test_a_row_that_was_changed_since_is_asked_about_again(trip: Trip) -> None:
    answer = trip.changed["UZB"]
    states = {finding["rule"]: (finding["state"], finding["value"]) for finding in answer["findings"]}
    assert states == {"quantity_implausible": ("open", "6000"), "row_repeated": ("confirmed", None)}
    assert marked_cells(answer) == {"Seizures H9": "warning"}


def test_a_check_before_sending_takes_the_confirmations_in_the_workbook(
    trip: Trip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No earlier submission is known there; what was changed since, or is an error, stays open.

    A reply that is not understood is said: in the sent workbook all are.
    """
    from flows.offline.check import check_files

    sent = trip.settings.inbox / "UZB" / "return_UZB_2024-05.xlsx"
    changed = tmp_path / "UZB_2024-05.xlsx"
    book = load_workbook(sent)
    [cell] = [cell for cell in book["Seizures"]["H"] if cell.value in (5000, "5000")]
    cell.value = 6000
    [reply] = [row[REPLY_COLUMN] for row in book[SHEETS["UZB"]] if row[REPLY_COLUMN].value == "ПОДТВЕРЖДЕНО"]
    reply.value = "да, но исправим"
    book.save(changed)
    assert not check_files(trip.settings, [changed], "ru")
    told = capsys.readouterr().out
    assert kinds_of(told) == ["предупреждение"] * 3
    assert check_files(trip.settings, [sent, trip.settings.inbox / "KGZ" / "return_KGZ_2024-05.xlsx"], "ru")
    assert kinds_of(capsys.readouterr().out) == [*["ошибка"] * 12, *["подтверждено"] * 2]
    assert f"строка {reply.row}: ваш ответ «да, но исправим» не понят. Если значение верно, напишите" in told


def kinds_of(told: str) -> list[str]:
    """Return the kind of each finding that a check tells, sorted."""
    return sorted(line.strip().partition(":")[0] for line in told.splitlines() if line.startswith("  "))


def test_the_ledger_proves_who_confirmed_what(trip: Trip) -> None:
    with open_database(trip.settings) as connection:
        replies = connection.execute("""
            select submission_id, rule, reply, code from raw.replies
            where code = 'CONFIRMED' order by rule""").fetchall()
        confirmed = connection.execute("""
            select file_name, count(*), any_value(reply_submission_id)
            from raw.confirmations inner join raw.submissions using (submission_id)
            group by file_name order by file_name""").fetchall()
    sent_back = trip.corrected["UZB"]["submission"]["submission_id"]
    assert [row for row in replies if row[0] == sent_back] == [
        (sent_back, "quantity_implausible", "Подтверждаю", "CONFIRMED"),
        (sent_back, "row_repeated", "ПОДТВЕРЖДЕНО", "CONFIRMED"),
    ]
    assert confirmed == [
        ("UZB/again_UZB_2024-05.xlsx", 1, sent_back),
        ("UZB/return_UZB_2024-05.xlsx", 2, sent_back),
    ]


def test_an_error_cannot_be_confirmed(trip: Trip) -> None:
    answer = trip.corrected["KGZ"]
    assert answer["error_count"] == trip.sent["KGZ"]["error_count"] == 12
    assert {finding["reply"] for finding in answer["findings"] if finding["rule"] == "code_unknown"} == {"confirmed"}
    assert (answer["progress"]["fixed_count"], answer["progress"]["left_count"]) == (0, 12)
    page = (answer["folder"] / "answer_ru.html").read_text(encoding="utf-8")
    assert "Вы ответили: confirmed" in page
    assert "Ошибку подтвердить нельзя" in page
    replies = workbook_of(answer)[SHEETS["KGZ"]].iter_rows(
        min_row=HEADER_ROW + 2, min_col=REPLY_COLUMN + 1, values_only=True
    )
    assert {row[0] for row in replies} == {None}  # the sender would confirm unread


@pytest.mark.parametrize("round_trip", ["sent", "corrected"])
def test_text_that_was_sent_is_never_run(trip: Trip, round_trip: str) -> None:
    answer = getattr(trip, round_trip)["KGZ"]
    cells = [cell for sheet in workbook_of(answer) for row in sheet.iter_rows() for cell in row]
    assert {text for text in DANGEROUS if text in [cell.value for cell in cells]} == set(DANGEROUS)
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    for language in ("ru", "en"):
        page = (answer["folder"] / f"answer_{language}.html").read_text(encoding="utf-8")
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_return_workbook_holds_only_the_tables_that_were_sent(trip: Trip) -> None:
    """An empty sheet more would say that there is nothing to report, and replace what another file has said."""
    assert [sheet.title for sheet in workbook_of(trip.sent["UZB"])] == ["Cover", SHEETS["UZB"], "Seizures", "Lists"]


def test_a_nil_return_of_a_table_comes_back_and_what_is_not_answered_is_named(trip: Trip) -> None:
    sent, corrected = trip.sent["TJK"], trip.corrected["TJK"]
    answered = [*FORM, "staff"]
    assert sent["unsaid_tables"] == [table.name for table in QUESTIONNAIRE.tables if table.name not in answered]
    assert (corrected["unsaid_tables"], corrected["outcome"]) == ([], "accepted")
    for answer in (sent, corrected):
        assert {part["table"]: bool(part["received_count"]) for part in answer["tables"]} == {
            **dict.fromkeys(FORM, True), "staff": False,
        }  # fmt: skip
    cover = workbook_of(sent).worksheets[0]
    assert [str(row[0].value).split(" / ")[0] for row in cover.iter_rows() if row[3].value == "да"] == ["Личный состав"]


def test_nothing_is_lost_on_the_way(trip: Trip) -> None:
    from warehouse.safekeeping.reconciliation import reconcile

    assert reconcile(trip.settings) == []


def test_a_stranger_cannot_confirm(trip: Trip) -> None:
    """The same workbook under the name of another country names findings that are not about this country's reports."""
    answer = trip.changed["KAZ"]
    assert answer["confirmed_count"] == 0
    assert answer["warning_count"] == 2
