"""After a restore: what was shown since is asked for, and counts in every later publication."""

import hashlib
import json
import shutil
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made_keys import KEY, PEM, write_public_key
from made_marts import make_gate
from made_persons import write_persons
from made_releases import hash_anew
from pydantic import SecretStr

from flows.commands.cli import main
from warehouse.disclosure.certificate_check import check_certificate
from warehouse.disclosure.earlier_editions import read_editions
from warehouse.disclosure.public_edition import SCHEMA, prepare_public_edition, read_public_editions
from warehouse.disclosure.public_package import write_public_package
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import Release
from warehouse.releases.errors import ReleaseError
from warehouse.releases.publication import write_release
from warehouse.safekeeping.backup import back_up, restore
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.safekeeping.restoration import UnknownEditionsError, publishes_for_all, state
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

TODAY = date(2024, 6, 1)
SHOWN = f"select country_code, is_suppressed from {SCHEMA}.rpt_persons_by_period"


def publish(settings: Settings, gate: Path, **counts: int) -> tuple[Release, dict[str, bool]]:
    """Publish counts of persons of January by country; returns the release and whose counts it suppresses."""
    with open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        connection.execute("create schema if not exists marts")
        rows = [(name, "2024-01-01", "060", "SUSPECTED", n, 0, n, 0, 0, n, 0, n, 0, 0) for name, n in counts.items()]
        write_persons(connection, "marts.rpt_persons_by_month", rows)
        assert publishes_for_all(connection, settings)
        public = prepare_public_edition(connection, settings, TODAY)
        editions = read_public_editions(connection, settings, TODAY)
        write_public = partial(write_public_package, connection, public, editions)
        release = write_release(connection, settings, gate_results=gate, write_public=write_public)
        return release, dict(connection.execute(SHOWN).fetchall())


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is left of a warehouse that was lost: its only backup and the public edition of a later release."""
    folder = tmp_path_factory.mktemp("lost")
    settings = Settings(home=folder / "lost", signing_key=SecretStr(PEM))
    with open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
    back_up(settings, folder / "safe")
    release, suppressed = publish(settings, make_gate(folder / "gate"), KAZ=50, KGZ=7, TJK=3)
    assert suppressed == {"KAZ": False, "KGZ": True, "TJK": True, "TOTAL": False}
    shutil.copytree(release.public, folder / "website" / "1")
    shutil.rmtree(settings.root)
    return folder


@pytest.fixture
def shown(lost: Path, tmp_path: Path) -> Path:
    """A public edition of a release after the only backup, which is in ``tmp_path / safe``; the warehouse is lost."""
    shutil.copytree(lost, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "website"


def sarai(home: Path, *arguments: object) -> tuple[int, str]:
    result = CliRunner(env={"SARAI_HOME": str(home)}).invoke(main, list(map(str, arguments)))
    return result.exit_code, result.output


def test_what_was_shown_after_the_backup_gives_nothing_away_once_it_was_taken_in(shown: Path, tmp_path: Path) -> None:
    """KGZ was suppressed for the sake of TJK = 3; by now UZB would do, and both editions would give TJK away."""
    ignorant, knowing = Settings(home=tmp_path / "ignorant"), Settings(home=tmp_path / "knowing")
    counts = {"KAZ": 50, "KGZ": 7, "TJK": 3, "UZB": 6}
    restore(ignorant, tmp_path / "safe")
    with pytest.raises(UnknownEditionsError, match="nobody has said which public editions were shown since"):
        publish(ignorant, tmp_path / "gate", **counts)
    state(ignorant, "none shown")
    release, suppressed = publish(ignorant, tmp_path / "gate", **counts)
    assert (release.number, suppressed["KGZ"], suppressed["TJK"]) == (1, False, True)
    given_away = [told for _, told in check_certificate(release.path, [shown / "1"]).messages]
    told = next(told for told in given_away if "TJK" in str(told["count"]))
    assert (told["lowest"], told["highest"]) == (3, 3)

    restore(knowing, tmp_path / "safe")
    answer = state(knowing, "editions taken in", folder=shown)
    assert (answer.taken, answer.next_number) == (["1"], 2)
    release, suppressed = publish(knowing, tmp_path / "gate", **counts)
    assert (release.number, suppressed["KGZ"], suppressed["TJK"]) == (2, True, True)
    checked = check_certificate(release.path, [shown / "1"])
    assert checked.is_sound, checked.messages


def test_the_command_asks_what_was_shown_and_takes_in_only_what_is_as_it_was_published(
    shown: Path, tmp_path: Path
) -> None:
    home, public_key = tmp_path / "home", write_public_key(tmp_path / "public.pem", KEY)
    settings = Settings(home=home)
    assert sarai(home, "restore")[0] == 2
    choices = [("--public-editions", shown), ("--none-shown",), ("--members-only",)]
    for one, another in combinations(choices, 2):
        status, text = sarai(home, "restore", tmp_path / "safe", *one, *another)
        assert (status, "Name only one of" in text, home.exists()) == (2, True, False), text
    status, text = sarai(home, "restore", tmp_path / "safe")
    assert (status, "releases after none and their public editions are unknown here" in text) == (0, True), text
    assert "`sarai publish` publishes nothing" in text

    other = write_public_key(tmp_path / "other.pem", Ed25519PrivateKey.generate())
    status, text = sarai(home, "restore", "--public-editions", shown, "--key", other)
    assert (status, "the signature does not fit" in text, "No edition was taken in" in text) == (1, True, True), text
    changed = tmp_path / "changed"
    shutil.copytree(shown, changed)
    path = changed / "1" / "csv" / "rpt_persons_by_period.csv"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"50", b"51"))
    assert "it is not the file that was published" in sarai(home, "restore", "--public-editions", changed)[1]
    package = changed / "1" / "datapackage.json"
    package.chmod(0o600)
    before, after = (
        hashlib.sha256((folder / "1" / path.relative_to(changed / "1")).read_bytes()).hexdigest()
        for folder in (shown, changed)
    )
    package.write_text(package.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    assert f"{path}: its counts of persons are not" in sarai(home, "restore", "--public-editions", changed)[1]
    path.write_bytes((shown / "1" / "csv" / path.name).read_bytes())
    package.write_text((shown / "1" / package.name).read_text(encoding="utf-8"), encoding="utf-8")
    package.write_text(json.dumps(json.loads(package.read_text(encoding="utf-8")) | {"version": f"1{'0' * 40}"}))
    assert "A public edition has the number '1000" in sarai(home, "restore", "--public-editions", changed)[1]
    assert "holds no public edition" in sarai(home, "restore", "--public-editions", tmp_path / "safe")[1]
    with open_database(settings) as connection, pytest.raises(UnknownEditionsError):
        publishes_for_all(connection, settings)

    arguments = ("--public-editions", shown, "--key", public_key, "--last-release", 4)
    status, text = sarai(home, "restore", *arguments)
    assert (status, "Public editions 1 were taken in" in text, "has the number 5" in text) == (0, True, True), text
    assert "Public editions 1 were known here." in sarai(home, "restore", *arguments)[1]


def test_editions_that_were_taken_in_are_kept_by_backups_and_missed_when_they_are_gone(
    shown: Path, tmp_path: Path
) -> None:
    first, second = Settings(home=tmp_path / "first"), Settings(home=tmp_path / "second")
    restore(first, tmp_path / "safe")
    state(first, "editions taken in", folder=shown, last_release=6)
    assert reconcile(first) == []
    back_up(first, tmp_path / "safe")
    restore(second, tmp_path / "safe")
    assert state(second, "members only").next_number == 7
    with open_database(second) as connection:
        assert not publishes_for_all(connection, second)
    state(second, "none shown")
    [taken] = second.shown_editions.iterdir()
    with open_database(second) as connection:
        assert publishes_for_all(connection, second)
        taken.rename(tmp_path / "aside")
        with pytest.raises(UnknownEditionsError, match=r"Public edition 1-\w+ was taken in and is gone"):
            publishes_for_all(connection, second)
    shutil.copytree(tmp_path / "aside", second.shown_editions / "2-foreign")
    assert [problem.split(".")[0] for problem in reconcile(second)] == [
        f"Public edition {taken.name} was taken in and is gone", "Public edition 2-foreign was taken in by no run",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("update counts set persons_count = 51 where country_code = 'TOTAL'", "is not the sum of its parts"),
        (
            "update counts set country_code = 'ZZZ', persons_count = null where country_code = 'KGZ'",
            "suppressed and not among the counts",
        ),
    ],
)
def test_an_edition_that_contradicts_itself_is_named_and_not_taken_for_a_fault_of_the_program(
    tmp_path: Path, change: str, words: str
) -> None:
    settings = Settings(home=tmp_path / "home")
    release, _ = publish(settings, make_gate(tmp_path / "gate"), KAZ=50, KGZ=7)
    path = release.public / "parquet" / "rpt_persons_by_period.parquet"
    path.chmod(0o600)
    with duckdb.connect() as connection:
        connection.execute(f"create table counts as from '{path}'")
        connection.execute(change)
        connection.execute(f"copy counts to '{path}' (format parquet)")
    hash_anew(release.public)
    hash_anew(release.path)
    with pytest.raises(ReleaseError, match=f"edition of release 1 cannot be read .*{words}.* from a backup, or take"):
        read_editions(settings, {})
    shutil.rmtree(release.public)
    with pytest.raises(ReleaseError, match=r"edition of release 1 cannot be read .* is missing"):
        read_editions(settings, {})


def test_a_second_warehouse_takes_in_what_the_first_one_shows_though_a_number_is_given_twice(
    shown: Path, tmp_path: Path
) -> None:
    """One shows KGZ = 7, which the other suppresses beside TJK: given away already. No later edition adds to it."""
    settings = Settings(home=tmp_path / "home")
    publish(settings, tmp_path / "gate", KAZ=50, KGZ=7)
    answer = state(settings, "editions taken in", folder=shown)
    assert (answer.taken, answer.doubled, answer.next_number) == (["1"], ["1"], 2)
    _, suppressed = publish(settings, tmp_path / "gate", KAZ=50, KGZ=7, TJK=3, UZB=40)
    assert suppressed == {}
