"""Certificates: what a stranger finds with published files alone, and what other tools are known to overlook."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from made_editions import PublishedEdition, counted, publish_editions, write_edition, write_package
from made_persons import region_of, year_of

from flows.commands.cli import main
from warehouse.disclosure.certificate import write_certificate
from warehouse.disclosure.joint_editions import PublicEdition, protect
from warehouse.disclosure.person_counts import CountKey, PersonCounts
from warehouse.disclosure.shown_edition import read_certificate
from warehouse.releases.errors import ReleaseError

PUBLISH_AGAIN = "import sys; from made_editions import *; publish_editions(Path(sys.argv[1]), 2)"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> list[PublishedEdition]:
    """Two editions, the second of revised counts; tests may read but not change them."""
    return publish_editions(tmp_path_factory.mktemp("editions"), 2)


@pytest.fixture
def edition(editions: list[PublishedEdition], tmp_path: Path) -> PublishedEdition:
    """The first edition in a folder that a test may change."""
    return replace(editions[0], folder=shutil.copytree(editions[0].folder, tmp_path / "1"))


def verify(*folders: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["verify", *map(str, folders), "--certificate"])
    return result.exit_code, result.output


def test_a_certificate_is_checked_without_the_warehouse_and_is_the_same_on_each_run(
    editions: list[PublishedEdition], tmp_path: Path
) -> None:
    first, second = editions
    # In another process sets have another order.
    command = [sys.executable, "-c", PUBLISH_AGAIN, str(tmp_path)]
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, env=environment, check=True)
    table = "csv/rpt_persons_by_period.csv"
    assert (tmp_path / "2" / table).read_bytes() == second.read(table)
    # DuckDB files have a random identifier, so the package that the certificate names has another hash.
    package = hashlib.sha256((tmp_path / "1" / "datapackage.json").read_bytes()).hexdigest()
    again = (tmp_path / "2" / "certificate.json").read_text(encoding="utf-8")
    assert package in again
    assert again.replace(package, first.edition.sha256).encode() == second.read("certificate.json")
    status, text = verify(second.folder, first.folder)
    assert (status, "The certificate holds: each of" in text) == (0, True), text
    status, text = verify(second.folder)
    assert (status, "Public edition 1 (sha256" in text) == (1, True)
    certificate = read_certificate(second.folder)
    assert certificate
    assert {part.key for part in certificate.intervals} == second.hidden
    for part in certificate.intervals:
        assert part.highest_count is None or part.lowest_count <= second.values[part.key] <= part.highest_count


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"lowest_count": 0', '"lowest_count": 1', "does not state the interval that the editions leave"),
        ('"width": 6', '"width": 60', "leave it only values from"),
        ('"highest_count"', '"highest"', "is no certificate of a public edition"),
    ],
)
def test_a_certificate_that_is_not_true_is_found_though_its_hash_fits(
    edition: PublishedEdition, old: str, new: str, words: str
) -> None:
    path = edition.folder / "certificate.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    write_edition(edition.folder, edition.edition, text.replace(old, new, 1).encode())
    status, found = verify(edition.folder)
    assert (status, words in found) == (1, True), found


def test_a_changed_file_is_found_before_the_certificate_is_read(edition: PublishedEdition) -> None:
    path = edition.folder / "csv" / "rpt_persons_by_period.csv"
    path.write_bytes(path.read_bytes().replace(b",true", b",false", 1))
    assert verify(edition.folder) == (
        1, "csv/rpt_persons_by_period.csv: it is not the file that was published. Ask for the release again.\n",
    )  # fmt: skip


def change_csv(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b",47,false", b",4,false"))


def change_parquet(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table counts as from '{path}'")
        connection.execute("update counts set persons_count = 4 where persons_count = 47")
        connection.execute(f"copy counts to '{path}' (format parquet)")


def change_database(path: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("update rpt_persons_by_period set persons_count = 4 where persons_count = 47")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("csv/rpt_persons_by_period.csv", change_csv),
        ("parquet/rpt_persons_by_period.parquet", change_parquet),
        ("marts.duckdb", change_database),
    ],
)
def test_a_count_changed_in_one_format_is_found_though_its_hash_fits(
    tmp_path: Path, name: str, change: Callable[[Path], None]
) -> None:
    write_edition(tmp_path, PublicEdition({year_of("TOTAL"): 97, year_of("KAZ"): 47, year_of("KGZ"): 50}))
    assert verify(tmp_path)[0] == 0
    change(tmp_path / name)
    write_package(tmp_path)
    status, text = verify(tmp_path)
    assert (status, text) == (
        1, text.splitlines()[0] + f"\n{tmp_path / name}: its counts of persons are not those of the other formats. Do "
        "not use this edition. Ask for it again.\n",
    )  # fmt: skip
    russian = CliRunner().invoke(main, ["verify", str(tmp_path), "--certificate", "--language", "ru"]).output
    assert f"{tmp_path / name}: числа лиц здесь не те" in russian


def test_two_editions_that_did_not_know_each_other_give_a_count_away(tmp_path: Path) -> None:
    """A second warehouse, or one that was restored: one edition hides KGZ beside TJK = 3, the other UZB."""
    true = region_of(KAZ=50, KGZ=7, TJK=3, UZB=8)
    hidden = [frozenset({year_of("TJK"), year_of(other)}) for other in ("KGZ", "UZB")]
    editions = [PublicEdition(true, part) for part in hidden]
    folders = [tmp_path / name for name in ("here", "there")]
    for folder, edition in zip(folders, editions, strict=True):
        write_edition(folder, edition)
        assert verify(folder)[0] == 0
    status, text = verify(*folders)
    assert (status, "2020, TJK, SUSPECTED, TOTAL: suppressed in edition" in text) == (1, True), text
    assert "values from 3 to 3" in text
    with pytest.raises(ReleaseError, match="cannot be certified"):
        write_certificate(tmp_path, editions[1], [replace(editions[0], version="1", sha256="a" * 64)])
    first = protect(true, [])
    assert protect(true, [first]).hidden == first.hidden


def test_tables_that_share_totals_are_certified_together(tmp_path: Path) -> None:
    """By offence and by sex, each well protected alone: the one hides the totals of countries, the other shows them."""
    offences = {("KAZ", "060"): 3, ("KAZ", "061"): 9, ("KGZ", "060"): 12, ("KGZ", "061"): 20}
    sexes = {("KAZ", "F"): 5, ("KAZ", "M"): 7, ("KGZ", "F"): 9, ("KGZ", "M"): 23}
    by_offence, by_sex = counted(offences, {}), counted({}, sexes)
    hidden = frozenset(year_of(country, offence) for country in ("KAZ", "KGZ") for offence in ("060", "TOTAL"))
    write_certificate(tmp_path, PublicEdition(by_offence, hidden), [])
    write_certificate(tmp_path, PublicEdition(by_sex), [])
    require_refused(by_offence | by_sex, hidden, tmp_path)


def test_an_interval_that_is_narrow_is_not_enough_though_nothing_is_exact(tmp_path: Path) -> None:
    """2 + 3 = 5: nobody computes the 3, and everybody knows that it is at most 4."""
    require_refused(region_of(KAZ=50, KGZ=2, TJK=3), frozenset({year_of("KGZ"), year_of("TJK")}), tmp_path)


def require_refused(true: PersonCounts, naive: frozenset[CountKey], folder: Path) -> None:
    """Require that a naive pattern is not certified, and that the pattern of this program is."""
    with pytest.raises(ReleaseError, match="cannot be certified"):
        write_certificate(folder, PublicEdition(true, naive), [])
    write_edition(folder / "edition", protect(true, []))
    assert verify(folder / "edition")[0] == 0


def test_counts_are_told_apart_only_where_it_has_to_be(tmp_path: Path) -> None:
    """Both countries were hidden; a count that is another now is not said to be, unless the sums say it."""
    first = protect(region_of(KAZ=50, KGZ=7, TJK=3), [])
    second = protect(region_of(KAZ=50, KGZ=7, TJK=3, UZB=30), [first])
    third = protect(region_of(KAZ=50, KGZ=27, TJK=3, UZB=30), [first, second])
    for number, (edition, earlier) in enumerate([(first, []), (second, [first]), (third, [first, second])]):
        named = [replace(each, version=str(n), sha256=f"{n:064}") for n, each in enumerate(earlier, start=1)]
        folder = tmp_path / str(number)
        folder.mkdir()
        write_certificate(folder, edition, named)
        apart = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))["apart"]
        assert bool(apart) == (number == 2), apart
