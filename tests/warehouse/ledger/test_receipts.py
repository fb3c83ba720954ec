"""Receipts: after any sequence of sending, renaming, taking back, clocks and kills stands what a person expects.

The person of this test reads the sequence and knows nothing of ledgers: of the files that were sent since the last run
the right ones take force in their order, and the last of them stands.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from examples import examples
from hypothesis import example, given, settings as limits, strategies as st
from made_ledger import made_ledger, submit

from warehouse.intake.inbox import choose_requests
from warehouse.intake.landing import Request
from warehouse.intake.months import read_submissions
from warehouse.intake.submission import Submission
from warehouse.ledger.clock import next_decision_at
from warehouse.ledger.decisions import decide
from warehouse.ledger.in_force import LATEST
from warehouse.ledger.known_files import again_findings, known_files
from warehouse.ledger.raw import land
from warehouse.ledger.receipts import note_copies
from warehouse.ledger.rules_in_force import InForce, has_undecided, list_pending
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

RULES, CODELISTS = InForce("rules"), Settings().codelists
JUNE, JULY = datetime(2024, 6, 10, 8), datetime(2024, 7, 10, 8)
OF_MAY, OF_JULY = "KAZ/KAZ_2024-05", "KAZ/KAZ_2024-07"
OF_BOTH = f"{OF_MAY}_2024-07"  # May to July: in June the part of July has not begun
SPEAKING = f"""
with {LATEST}
select strftime(parts.reporting_month, '%Y-%m'), table_name, sha256
from parts inner join raw.submissions using (submission_id)
where is_current
"""


# Which tables a version of the report speaks for: the third has seizures without their drugs, the fourth no persons.
SPOKEN = {1: ("seizures", "persons"), 2: ("seizures", "persons"), 3: ("persons",), 4: ("seizures",)}


def content_of(version: int) -> bytes:
    seizures = [
        {"seizure_date": f"2024-0{month}-01", "drug": "heroin", "quantity": version, "unit": "kg"} for month in (5, 7)
    ]
    for seizure in seizures if version == 3 else ():
        del seizure["drug"]
    tables: dict[str, list[dict[str, object]]] = {"seizures": list(map(dict, seizures))}
    if version < 4:
        persons = {"offence": "060111", "persons_count": version}
        tables["persons"] = [{"month": f"2024-0{month}", **persons} for month in (5, 7)]
    return json.dumps(tables).encode()


def spoken_for(months: dict[str, int]) -> dict[tuple[str, str], int]:
    """Return (month, table) → the version in force, where these are all that were sent for a month."""
    return {(month, table): version for month, version in months.items() for table in SPOKEN[version]}


SHA = {hashlib.sha256(content_of(version)).hexdigest(): version for version in range(1, 5)}


@dataclass
class Office:
    """An inbox of names → (version, modification time), and a warehouse that takes it in on a day of its clock."""

    folder: Path
    connection: duckdb.DuckDBPyConnection = field(default_factory=made_ledger)
    inbox: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    clock: datetime = JUNE
    changed: datetime = datetime(2024, 5, 1)
    placed: dict[str, datetime] = field(default_factory=dict)

    def send(self, name: str, version: int) -> None:
        self.changed += timedelta(minutes=1)
        self.inbox[name] = (version, self.changed)
        self.placed[name] = self.clock

    def run(self, *, is_killed: bool = False) -> None:
        self.clock += timedelta(minutes=1)
        if has_undecided(self.connection):  # what a killed run has left is decided first, as flows/ingest.py does it
            self._decide()
        known = known_files(self.connection, self.clock.date())
        requests = [self._request(name, known.ids) for name in sorted(self.inbox)]
        chosen, copies = choose_requests(requests, known)
        note_copies(self.connection, copies)
        land(self.connection, [one for request in chosen for one in read_submissions(request)], load_questionnaire())
        if not is_killed:
            self._decide()

    def _request(self, name: str, ids: object) -> Request:
        version, changed = self.inbox[name]
        content = content_of(version)
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.folder / sha256
        path.write_bytes(content)
        assert isinstance(ids, dict)
        return Request(
            path, sha256, len(content), name, self.clock, CODELISTS, self.folder, ids.get(sha256, ()), changed,
            self.placed.get(name),
        )  # fmt: skip

    def _decide(self) -> None:
        list_pending(self.connection, RULES)
        decide(self.connection, [], RULES, self.clock, 0.05)

    @property
    def in_force(self) -> dict[tuple[str, str], int]:
        rows = self.connection.execute(SPEAKING).fetchall()
        return {(month, table): SHA[sha256] for month, table, sha256 in rows}


@dataclass
class Person:
    """What somebody who sees the inbox at each run believes to be in force: month and table → version."""

    in_force: dict[tuple[str, str], int] = field(default_factory=dict)
    seen: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    early: set[tuple[str, str]] = field(default_factory=set)

    def look(self, inbox: dict[str, tuple[int, datetime]], clock: datetime) -> None:
        sent = {name for name, file in inbox.items() if self.seen.get(name, (0,))[0] != file[0]}
        touched = {name for name, file in inbox.items() if name in self.seen and self.seen[name] != file} - sent
        anew = {month for name in touched for month in months_of(name) if self.is_in_force(month, inbox[name][0])}
        parts = {(name, month) for name in sent for month in months_of(name)}
        parts |= {(name, month) for name in touched for month in months_of(name) if month not in anew}
        self.early = {part for part in self.early - parts if part[0] in inbox}
        for name, month in sorted(parts | self.early, key=lambda part: (revision_of(part[0]), inbox[part[0]][1])):
            if "UZB" not in name and clock.month >= int(month[-2:]):
                self.in_force |= spoken_for({month: inbox[name][0]})
                self.early.discard((name, month))
            elif "UZB" not in name:
                self.early.add((name, month))
        self.seen = dict(inbox)

    def is_in_force(self, month: str, version: int) -> bool:
        return spoken_for({month: version}).items() <= self.in_force.items()


def months_of(name: str) -> list[str]:
    return [name[8:15], *(["2024-07"] if name.startswith(OF_BOTH) else [])]


def revision_of(name: str) -> int:
    return int(name.split("_v")[1].removesuffix(".json")) if "_v" in name else 0


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


STEMS = (OF_MAY, "KAZ/UZB_2024-05", OF_JULY, OF_BOTH)
NAMES = st.sampled_from([f"{stem}{suffix}.json" for stem in STEMS for suffix in ("", "_v9", "_v10", "_b")])
STEPS = st.one_of(
    st.tuples(st.just("send"), NAMES, st.integers(1, 4)), st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("clock"), st.sampled_from([JUNE, JULY])), st.tuples(st.just("run")), st.tuples(st.just("run")),
    st.tuples(st.just("killed run")), st.tuples(st.just("deliver anew")),
)  # fmt: skip


@pytest.mark.chance
@limits(max_examples=examples(12, 400), deadline=None)
# Both have the error of a table; the one whose name contradicts its folder takes no place of the other.
@example(steps=[("send", f"{OF_MAY}.json", 3), ("send", "KAZ/UZB_2024-05.json", 3)])
# Two files that killed runs landed, of which the later counts, are delivered anew.
@example(
    steps=[
        ("send", f"{OF_BOTH}_b.json", 1),
        ("killed run",),
        ("send", f"{OF_MAY}.json", 3),
        ("killed run",),
        ("deliver anew",),
    ]
)
@given(steps=st.lists(STEPS, max_size=12))
def test_any_sequence_ends_with_what_a_person_expects_in_force(folder: Path, steps: list[tuple[object, ...]]) -> None:
    office, person = Office(folder), Person()
    for step, *arguments in [*steps, ("run",)]:
        play(office, person, str(step), arguments)
    assert office.in_force == person.in_force


def play(office: Office, person: Person, step: str, arguments: list[object]) -> None:
    match step, arguments:
        case "send", [str(name), int(version)]:
            office.send(name, version)
        case "rename", [str(name), str(other)] if name in office.inbox:
            office.inbox[other] = office.inbox.pop(name)
            office.placed[other] = office.clock
        case "clock", [datetime() as day]:
            office.clock = day
        case "deliver anew", _:
            for name in sorted(office.inbox):
                office.send(name, office.inbox[name][0])
        case (("run" | "killed run"), _):
            office.run(is_killed=step == "killed run")
            person.look(office.inbox, office.clock)


def sends(*files: tuple[str, int]) -> Callable[[Office], None]:
    def act(office: Office) -> None:
        for name, version in files:
            office.send(name, version)
        office.run()

    return act


def renames(name: str, other: str) -> Callable[[Office], None]:
    def act(office: Office) -> None:
        office.inbox[other] = office.inbox.pop(name)
        office.run()

    return act


def from_elsewhere(name: str, version: int) -> Callable[[Office], None]:
    """Take in a file of the same name from another folder, while the inbox stays as it is."""

    def act(office: Office) -> None:
        inbox, placed = dict(office.inbox), dict(office.placed)
        office.inbox = {}
        sends((name, version))(office)
        office.inbox, office.placed = inbox, placed

    return act


def puts_back(name: str, version: int, changed: datetime) -> Callable[[Office], None]:
    def act(office: Office) -> None:
        office.inbox[name], office.placed[name] = (version, changed), office.clock
        office.run()

    return act


def in_july(office: Office) -> None:
    office.clock = JULY
    office.run()


def back_in_june(office: Office) -> None:
    office.clock = datetime(2024, 6, 1)


@pytest.mark.parametrize(("acts", "speaking"), [
    ([sends(("KAZ/UZB_2024-05.json", 1)), renames("KAZ/UZB_2024-05.json", "KAZ/KAZ_2024-05.json")], {"2024-05": 1}),
    ([sends((f"{OF_MAY}.json", 1)), sends((f"{OF_MAY}.json", 2)), sends((f"{OF_MAY}.json", 1))], {"2024-05": 1}),
    ([sends((f"{OF_MAY}.json", 1)), sends((f"{OF_MAY}_b.json", 2)), sends((f"{OF_MAY}.json", 1))], {"2024-05": 1}),
    ([sends((f"{OF_MAY}.json", 1)), sends((f"{OF_MAY}_b.json", 2)), sends((f"{OF_MAY}_c.json", 1))], {"2024-05": 1}),
    ([sends((f"{OF_JULY}.json", 1)), sends(), in_july], {"2024-07": 1}),
    ([sends((f"{OF_MAY}.json", 1)), back_in_june, sends((f"{OF_MAY}_b.json", 2))], {"2024-05": 2}),
    ([sends((f"{OF_MAY}_v10.json", 2), (f"{OF_MAY}_v9.json", 1))], {"2024-05": 2}),
    ([sends((f"{OF_MAY}.json", 1)), from_elsewhere(f"{OF_MAY}.json", 2), sends(), sends()], {"2024-05": 2}),
    ([sends((f"{OF_MAY}.json", 1)), from_elsewhere(f"{OF_MAY}.json", 2), sends((f"{OF_MAY}.json", 1))], {"2024-05": 1}),
    (
        [puts_back(f"{OF_MAY}.json", 1, JUNE), sends((f"{OF_MAY}.json", 2)), puts_back(f"{OF_MAY}.json", 1, JUNE)],
        {"2024-05": 1},
    ),
    (
        [
            puts_back(f"{OF_MAY}.json", 1, JUNE), sends((f"{OF_MAY}.json", 2)), back_in_june,
            puts_back(f"{OF_MAY}.json", 1, JUNE),
        ],
        {"2024-05": 1},
    ),
])  # fmt: skip
def test_a_correction_counts(folder: Path, acts: list[Callable[[Office], None]], speaking: dict[str, int]) -> None:
    office = Office(folder)
    for act in acts:
        act(office)
    assert office.in_force == spoken_for(speaking)
    (again,) = office.connection.execute("select count(*) from raw.findings where rule = 'sent_again'").fetchone() or ()
    assert again == (len(acts) > 2 and speaking == {"2024-05": 1})


def test_a_table_that_cannot_be_used_leaves_the_one_before_in_force(folder: Path) -> None:
    office = Office(folder)
    sends((f"{OF_MAY}.json", 1))(office)
    sends((f"{OF_MAY}_b.json", 3))(office)
    assert office.in_force == {("2024-05", "seizures"): 1, ("2024-05", "persons"): 3}
    renames(f"{OF_MAY}_b.json", f"{OF_MAY}_c.json")(office)
    assert office.connection.execute("select count(*) from raw.copies").fetchone() == (1,)
    sends((f"{OF_MAY}_d.json", 4))(office)
    assert office.in_force == {("2024-05", "seizures"): 4, ("2024-05", "persons"): 3}


def test_what_lies_there_is_received_once_and_a_folder_delivered_anew_changes_nothing(folder: Path) -> None:
    office = Office(folder)
    sends((f"{OF_MAY}.json", 1))(office)
    sends((f"{OF_MAY}_b.json", 2), (f"{OF_MAY}_copy.json", 2), ("KAZ/UZB_2024-05.json", 1))(office)
    received = "select (select count(*) from raw.submissions), (select count(*) from raw.copies)"
    assert office.connection.execute(received).fetchone() == (3, 1)
    office.run()
    assert office.connection.execute(received).fetchone() == (3, 1)
    for name, (version, _) in list(office.inbox.items()):
        office.send(name, version)
    office.run()
    assert office.connection.execute(received).fetchone() == (3, 5)
    office.run()
    assert office.connection.execute(received).fetchone() == (3, 5)
    assert office.in_force == spoken_for({"2024-05": 2})


def test_what_is_taken_back_is_a_report_on_the_same_tables() -> None:
    month, tables = JUNE.date().replace(month=5, day=1), {"old": "seizures", "new": "seizures", "other": "persons"}
    with made_ledger() as connection:
        for day, (name, table) in enumerate(tables.items()):
            submit(connection, name, "KAZ", month, JUNE + timedelta(days=day), {table: (1, 0)})
        submit(connection, "again", "KAZ", month, JULY, {"seizures": (1, 0)}, outcome=None)
        connection.execute("update raw.submissions set sha256 = 'old' where submission_id = 'again'")
        (said,) = again_findings(connection, [Submission("again", "old", "KAZ", month, JULY, "again.json", 1)])
    assert (said.arguments["other"], said.arguments["replaced"]) == ("old.csv", "new.csv")


RECEIVED = "select strftime(reporting_month, '%m'), file_name, position from raw.submissions order by position, 1"


def test_of_a_file_of_several_months_that_is_sent_again_only_what_changes_is_received(folder: Path) -> None:
    office = Office(folder, clock=JULY)
    both, july = f"{OF_BOTH}.json", f"{OF_JULY}.json"
    sends((both, 1))(office)
    sends((july, 2))(office)
    assert office.in_force == spoken_for({"2024-05": 1, "2024-07": 2})
    received = [("05", both, 1), ("07", both, 1), ("07", july, 2)]
    assert office.connection.execute(RECEIVED).fetchall() == received
    sends((both, 1))(office)  # sent again alone: July is taken back, and May stands as it does
    assert office.in_force == spoken_for({"2024-05": 1, "2024-07": 1})
    received.append(("07", both, 3))
    assert office.connection.execute(RECEIVED).fetchall() == received
    sends((july, 2))(office)
    sends((both, 1), (july, 2))(office)  # all of it delivered anew
    assert office.connection.execute(RECEIVED).fetchall() == [*received, ("07", july, 4)]
    copied = "select strftime(reporting_month, '%m') from raw.copies inner join raw.submissions using (submission_id)"
    assert sorted(office.connection.execute(copied).fetchall()) == [("05",), ("07",), ("07",)]
    sends((f"{OF_MAY}_2024-07_v2.json", 2))(office)
    assert office.in_force == spoken_for({"2024-05": 2, "2024-07": 2})


@dataclass
class Sender:
    """Sends files of seizures of 2024 to a warehouse, each day of them with 1 kg or as many as stand behind a colon."""

    office: Office

    def sends(self, name: str, *days: str) -> list[tuple[str, str]]:
        """Return rule and message of the warnings in the answers."""
        parts = [(*day.split(":"), "1")[:2] for day in days]
        seizures = [
            {"seizure_date": f"2024-{day}", "drug": "heroin", "quantity": kg, "unit": "kg"} for day, kg in parts
        ]
        content = json.dumps({"seizures": seizures}).encode()
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.office.folder / sha256
        path.write_bytes(content)
        self.office.clock += timedelta(minutes=1)
        request = Request(path, sha256, len(content), name, self.office.clock, CODELISTS, self.office.folder)
        land(self.office.connection, read_submissions(request), load_questionnaire())
        self.office._decide()
        query = "from raw.findings select rule, message where submission_id in (select submission_id from "
        query += "raw.submissions where sha256 = ?) order by all"
        return self.office.connection.execute(query, [sha256]).fetchall()


def test_rows_that_a_later_file_of_several_months_lacks_are_named(folder: Path) -> None:
    sender = Sender(Office(folder, clock=JULY))
    assert sender.sends("KAZ/KAZ_2024-H1.json", "01-05", "03-05", "03-06", "06-05") == []
    assert sender.sends("UZB/UZB_2024-Q1.json", "01-05", "02-05") == []
    assert sender.sends("KAZ/KAZ_2024-04.json", "04-05") == []
    words = (
        "Seizures: the file covers {month} too and has no rows of this table there; the {count} rows that {other} "
        "reported of it stay in force. If they were withdrawn or belong to another month, send a file of {month} alone "
        "that says that there is nothing to report in this table."
    )
    assert sender.sends("KAZ/KAZ_2024-H1.json", "01-05", "06-05", "06-06") == [
        ("rows_left_in_force", words.format(month="2024-03", count=2, other="KAZ/KAZ_2024-H1.json")),
        ("rows_left_in_force", words.format(month="2024-04", count=1, other="KAZ/KAZ_2024-04.json")),
    ]
    assert sender.sends("KAZ/KAZ_2024-Q1.json", "01-05", "02-05", "03-05") == []


def test_rows_that_a_correction_had_replaced_do_not_count_again_without_a_word(folder: Path) -> None:
    sender = Sender(Office(folder, clock=JULY))
    year = "KAZ/KAZ_2024-H1.json"
    assert sender.sends(year, "01-05", "03-06", "03-05", "05-05") == []
    assert sender.sends("KAZ/KAZ_2024-03.json", "03-05:300", "03-06") == []
    words = (
        f"Seizures: the rows are those of {year}, which KAZ/KAZ_2024-03.json had replaced, and count again in its "
        "place. If that correction holds, enter it in this file too and send it again."
    )
    # The office corrects May in its own file, which holds March as it was.
    assert sender.sends(year, "01-05", "03-05", "03-06", "05-05:500") == [("rows_again", words)]
    assert sender.sends(year, "01-05", "03-05:300", "03-06", "05-05:500") == []
    assert sender.sends("KAZ/KAZ_2024-03.json") == []  # nothing to report: no rows are those of before


def test_files_that_only_their_names_order_are_named(folder: Path) -> None:
    office = Office(folder, inbox={f"{OF_MAY}_draft.json": (1, JUNE), f"{OF_MAY}_Final.json": (2, JUNE)})
    office.run()
    assert office.in_force == spoken_for({"2024-05": 2})
    said = office.connection.execute("select message from raw.findings where rule = 'order_by_name'").fetchall()
    assert len(said) == 1
    assert said[0][0].startswith(f"{OF_MAY}_Final.json: the file came together with {OF_MAY}_draft.json")


@pytest.mark.parametrize("names", [("_v1", "_v2"), ("", "_rev3")])
def test_a_revision_number_orders_files_of_one_time_without_a_tie(folder: Path, names: tuple[str, str]) -> None:
    office = Office(folder, inbox={f"{OF_MAY}{name}.json": (n, JUNE) for n, name in enumerate(names, start=1)})
    office.run()
    assert office.in_force == spoken_for({"2024-05": 2})
    assert office.connection.execute("select message from raw.findings where rule = 'order_by_name'").fetchall() == []


def test_a_decision_is_later_than_those_before_also_when_the_clock_was_set_back(folder: Path) -> None:
    office = Office(folder)
    sends((f"{OF_MAY}.json", 1))(office)
    office.connection.execute("update raw.decisions set decided_at = '2199-01-01'")
    assert next_decision_at(office.connection) > datetime(2199, 1, 1)


def test_what_a_killed_run_has_left_is_undecided(folder: Path) -> None:
    with duckdb.connect() as nothing:
        assert not has_undecided(nothing)
    office = Office(folder)
    assert not has_undecided(office.connection)
    office.send(f"{OF_MAY}.json", 1)
    office.run(is_killed=True)
    assert has_undecided(office.connection)
    office.run()
    assert not has_undecided(office.connection)
