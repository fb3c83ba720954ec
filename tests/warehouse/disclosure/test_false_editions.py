"""Editions and certificates of somebody who wants false ones to pass: files are hashed anew, so only content tells."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made_editions import write_edition, write_package
from made_persons import region_of, year_of

from warehouse.disclosure.certificate import write_certificate
from warehouse.disclosure.certificate_check import check_certificate
from warehouse.disclosure.joint_editions import PublicEdition, protect
from warehouse.releases.errors import ReleaseError
from warehouse.releases.verification import verify_folder
from warehouse.words.catalogue import fill

TABLE = "rpt_persons_by_period"


def check(folder: Path, *others: Path) -> tuple[bool, str]:
    assert verify_folder(folder).is_sound
    try:
        messages, is_sound = check_certificate(folder, others)
    except ReleaseError as error:
        return False, str(error)
    return is_sound, "\n".join(fill(message, arguments, "en") for message, arguments in messages)


def publish(folder: Path, edition: PublicEdition, earlier: list[PublicEdition], version: str) -> PublicEdition:
    folder.mkdir()
    write_certificate(folder, edition, earlier)
    sha256 = write_edition(folder, edition, (folder / "certificate.json").read_bytes(), version)
    return replace(edition, version=version, sha256=sha256)


def certify(folder: Path, change: Callable[[dict[str, Any]], object], version: str = "1") -> None:
    path = folder / "certificate.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    write_package(folder, version)


def state_twice(certificate: dict[str, Any]) -> None:
    certificate["intervals"].insert(0, certificate["intervals"][0] | {"lowest_count": 3, "highest_count": 3})


LIES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "threshold": (lambda c: c.update(threshold=1), "promises that a suppressed count may be 1 or more"),
    "width": (lambda c: c.update(width=-9), "less than 5 and 6 is not enough"),
    "table": (lambda c: c.update(table="another"), "is no certificate"),
    "two intervals": (state_twice, "is no certificate"),
    "no edition": (
        lambda c: c["apart"].append({"edition": 7, "number": 1, **year_of("KGZ")._asdict()}),
        "is no certificate",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_certificate_keeps_to_the_policy_and_says_each_thing_once(tmp_path: Path, lie: str) -> None:
    write_edition(tmp_path, protect(region_of(KAZ=50, KGZ=7, TJK=3), []))
    change, words = LIES[lie]
    certify(tmp_path, change)
    is_sound, text = check(tmp_path)
    assert (is_sound, words in text) == (False, True), text


def test_a_name_that_stands_twice_in_a_certificate_is_refused(tmp_path: Path) -> None:
    write_edition(tmp_path, protect(region_of(KAZ=50, KGZ=7, TJK=3), []))
    path = tmp_path / "certificate.json"
    path.write_bytes(path.read_bytes().replace(b'"width": 6', b'"width": 0,\n "width": 6', 1))
    write_package(tmp_path)
    assert "is no certificate" in check(tmp_path)[1]


def test_a_small_count_is_not_shown_openly(tmp_path: Path) -> None:
    write_edition(tmp_path, PublicEdition(region_of(KAZ=50, KGZ=7, TJK=3)))
    is_sound, text = check(tmp_path)
    assert (is_sound, "2020, TJK, SUSPECTED, TOTAL: edition 1 shows that it is 3" in text) == (False, True), text


def test_naming_an_edition_does_not_allow_to_show_what_it_suppressed(tmp_path: Path) -> None:
    """Edition 1 hides KGZ for the sake of TJK = 3; edition 2 shows KGZ, hides UZB in its place, and names edition 1."""
    true = region_of(KAZ=50, KGZ=7, TJK=3)
    first = publish(tmp_path / "1", protect(true, []), [], "1")
    assert {year_of("KGZ"), year_of("TJK")} == first.hidden
    second = PublicEdition(region_of(KAZ=50, KGZ=7, TJK=3, UZB=6), frozenset({year_of("TJK"), year_of("UZB")}))
    publish(tmp_path / "2", second, [], "2")
    named = {"version": "1", "sha256": first.sha256, "width": 6}
    certify(tmp_path / "2", lambda c: c["editions"].append(named), "2")
    is_sound, text = check(tmp_path / "2", tmp_path / "1")
    assert (is_sound, "TJK, SUSPECTED, TOTAL: suppressed in edition" in text) == (False, True), text
    assert "from 3 to 3" in text
    named["width"] = 0
    certify(tmp_path / "2", lambda c: c.update(editions=[named]), "2")
    assert "says that edition 1 promised values at least 0 apart" in check(tmp_path / "2", tmp_path / "1")[1]


def test_a_count_that_is_shown_because_it_changed_is_stated_to_have_changed(tmp_path: Path) -> None:
    """TJK was 3 and is 13, which could have been its count before: the sums do not tell."""
    first = publish(tmp_path / "1", protect(region_of(KAZ=50, KGZ=20, TJK=3), []), [], "1")
    second = protect(region_of(KAZ=50, KGZ=20, TJK=13, UZB=6), [first])
    assert (year_of("TJK") in first.hidden, year_of("TJK") in second.hidden) == (True, False)
    publish(tmp_path / "2", second, [first], "2")
    is_sound, text = check(tmp_path / "2", tmp_path / "1")
    assert (is_sound, "Counts that the publisher states to have changed" in text) == (True, True), text
    certify(tmp_path / "2", lambda c: c.update(apart=[]), "2")
    is_sound, text = check(tmp_path / "2", tmp_path / "1")
    assert (is_sound, "TJK, SUSPECTED, TOTAL: suppressed in edition 1" in text) == (False, True), text


def change_csv(old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "csv" / f"{TABLE}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def change_database(*statements: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with duckdb.connect(folder / "marts.duckdb") as connection:
            for statement in statements:
                connection.execute(statement)

    return change


def repeat_row(folder: Path) -> None:
    path = folder / "csv" / f"{TABLE}.csv"
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[-1])


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "two columns of one name": (change_csv("month_number,", "persons_count,"), "columns of csv/"),
    "another number to other readers": (change_csv(",47,", ",4_7,"), "'4_7' is no number"),
    "suppressed in one format": (change_csv("47,false", "47,true"), "are not those of the other formats"),
    "a row twice": (repeat_row, "is counted twice"),
    "a cell without end": (change_csv("47,false", f"47,{'x' * 200_000}"), "is no CSV"),
    "a generated column": (
        change_database(
            "drop table rpt_persons_by_period",
            "create table rpt_persons_by_period (country_code varchar, calendar_year bigint, month_number bigint, "
            "contact_stage_code varchar, offence_code varchar, characteristic_name varchar, "
            "characteristic_code varchar, is_suppressed boolean, kept bigint, persons_count bigint as (kept * 10))",
        ),
        "has the generated column in rpt_persons_by_period",
    ),
    "a view and a macro": (
        change_database(
            "alter table rpt_persons_by_period rename to true_counts",
            "create view rpt_persons_by_period as from true_counts",
            "create macro duckdb_tables() as table select 'main' as schema_name, 'rpt_persons_by_period' as table_name",
        ),
        "has the macro duckdb_tables",
    ),
    "a view": (change_database("create view true_counts as from rpt_persons_by_period"), "has the view true_counts"),
    "a type": (change_database("create type mood as enum ('KAZ')"), "has the type mood"),
    "a further table": (change_database("create table truth as select 3 as tjk"), "has the table truth"),
    "a further column": (
        change_database("alter table rpt_persons_by_period add column true_count bigint"),
        "columns of marts.duckdb",
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_nothing_in_an_edition_can_be_read_in_two_ways(tmp_path: Path, kind: str) -> None:
    write_edition(tmp_path, PublicEdition(region_of(KAZ=47, KGZ=50)))
    assert check(tmp_path)[0]
    change, words = CHANGES[kind]
    change(tmp_path)
    write_package(tmp_path)
    is_sound, text = check(tmp_path)
    assert (is_sound, words in text) == (False, True), text


def test_a_true_edition_inside_a_false_one_does_not_stand_for_it(tmp_path: Path) -> None:
    write_edition(tmp_path / "false", PublicEdition(region_of(KAZ=50, KGZ=7, TJK=3)))
    write_edition(tmp_path / "true", protect(region_of(KAZ=50, KGZ=7, TJK=3), []))
    shutil.move(tmp_path / "true", tmp_path / "false" / "public")
    assert "shows that it is 3" in check(tmp_path / "false")[1]
