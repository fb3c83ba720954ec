"""Releases against their entries in the chain: what was replaced, added, deleted or unsigned is found and named."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb
import pytest
from made_keys import KEY, PEM
from made_ledger import chain_anew
from made_marts import change, make_gate, make_marts
from made_releases import hash_anew
from pydantic import SecretStr

from warehouse.disclosure.public_package import write_public_package
from warehouse.ledger.chain import append_links, read_head
from warehouse.releases.catalogue import Release, current_number, current_release, verify_release
from warehouse.releases.entries import BUILT, RELEASE, enter_earlier, enter_release, read_entered
from warehouse.releases.errors import ReleaseError
from warehouse.releases.last_release import load_last_release
from warehouse.releases.marts import read_marts
from warehouse.releases.publication import complete_releases, find_same, write_release
from warehouse.releases.rollback import rollback
from warehouse.releases.signing import key_fingerprint
from warehouse.safekeeping.chain_check import compare_chain
from warehouse.safekeeping.derived_check import ChangedError, refuse_unproven
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.safekeeping.release_check import compare_releases
from warehouse.safekeeping.repair import repair
from warehouse.safekeeping.restoration import state
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "var", signing_key=SecretStr(PEM))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three signed releases with a public edition, each of other figures; nobody changes them."""
    folder = tmp_path_factory.mktemp("made")
    settings = Settings(home=folder / "var", signing_key=SecretStr(PEM))
    make_gate(folder / "gate")
    with open_database(settings) as connection:
        make_marts(connection)
        chain_anew(connection)
        connection.execute("create schema public_edition")
        for _ in range(3):
            publish(connection, settings)
    return folder


@pytest.fixture
def connection(made: Path, settings: Settings, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of these releases, and of the working database behind them."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    with open_database(settings) as connection:
        yield connection


def publish(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Release:
    change(connection)
    write_public = partial(write_public_package, connection, read_marts(connection), [])
    gate = settings.home.parent / "gate"
    return write_release(connection, settings, gate_results=gate, write_public=write_public)


def rewrite(release: Path) -> None:
    """Change a figure and hash all files anew, so that the release by itself is whole."""
    for path in release.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (release / "gate" / "index.html").write_text("<p>rewritten</p>\n")
    hash_anew(release)


def unsign(release: Path) -> None:
    rewrite(release)
    (release / "datapackage.json.sig").unlink()


def replace_whole(release: Path) -> None:
    shutil.rmtree(release)
    shutil.copytree(release.parent / "3", release)


TAMPERINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "signature": (
        lambda release: (release / "datapackage.json.sig").unlink(),
        f"Release 2, datapackage.json.sig: the signature, made with the key {key_fingerprint(KEY.public_key())}, was",
    ),
    "signature of the public edition": (
        lambda release: (release / "public" / "datapackage.json.sig").unlink(),
        "Release 2, public/datapackage.json.sig: the signature",
    ),
    "signature and package": (unsign, "Release 2, datapackage.json is not the one that was published"),
    "signature of another": (
        lambda release: shutil.copy(release.parent / "3" / "datapackage.json.sig", release),
        "Release 2, datapackage.json.sig: the signature is not the one that was published",
    ),
    "package": (rewrite, "Release 2, datapackage.json is not the one that was published. Restore"),
    "whole": (replace_whole, "Release 2, datapackage.json is not the one that was published"),
    "deleted": (shutil.rmtree, r"Release 2 was published as entry \d+ and is gone"),
    "added": (
        lambda release: shutil.copytree(release, release.parent / "4"), "Release 4 was published by no run",
    ),
}  # fmt: skip


def test_a_release_that_is_not_the_one_published_is_found(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    for path in settings.releases.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    shutil.copytree(settings.releases, settings.home / "kept", symlinks=True)
    for tamper, words in TAMPERINGS.values():
        assert [*compare_releases(connection, settings), *compare_chain(connection, settings)] == []
        tamper(settings.releases / "2")
        problems = list(compare_releases(connection, settings))
        assert any(re.match(words, text) for text in problems), (words, problems)
        shutil.rmtree(settings.releases)
        shutil.copytree(settings.home / "kept", settings.releases, symlinks=True)


def test_what_was_tampered_with_is_neither_kept_as_current_nor_made_current(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    shutil.copytree(settings.releases / "1", settings.releases / "7")
    rewrite(settings.releases / "3")
    unsigned = settings.model_copy(update={"signing_key": None})
    connection.execute("update marts.rpt_seizures_by_month set seizures_count = seizures_count - 1")
    assert verify_release(Release(3, settings.releases / "3")) == []
    assert publish(connection, unsigned).number == 8
    assert current_number(settings) == 8
    problems = list(compare_releases(connection, settings))
    assert [text.split(",")[0].split(" was")[0] for text in problems] == ["Release 3", "Release 7"]
    assert publish(connection, unsigned).number == 9
    with pytest.raises(ReleaseError, match="Release 3 is not the one that was published and was not made current"):
        rollback(settings, 3)
    assert rollback(settings, 2).number == current_number(settings) == 2
    connection.execute("drop table raw.chain")  # a database that cannot be asked stops nobody
    assert rollback(settings, 3).number == 3
    connection.execute("create macro more() as 1")
    connection.close()
    assert rollback(settings, 2).number == 2


def test_a_deleted_release_is_entered_by_repair_and_may_come_back(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    connection.close()
    (settings.releases / "1").rename(settings.home / "kept")
    [problem] = [text for text in reconcile(settings) if text.startswith("Release")]
    assert repair(settings) == [problem]
    assert [text for text in reconcile(settings) if text.startswith("Release")] == []
    assert repair(settings) == []
    (settings.home / "kept").rename(settings.releases / "1")
    with open_database(settings) as opened:
        assert list(compare_releases(opened, settings)) == []
        rewrite(settings.releases / "1")
        assert len(list(compare_releases(opened, settings))) == 1


def test_a_run_that_was_killed_before_the_release_had_its_name_is_completed(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    third, built = settings.releases / "3", settings.releases / f"{BUILT}3"
    third.rename(built)
    rollback(settings, 2)
    (settings.releases / ".finished").write_text("2")
    [problem] = compare_releases(connection, settings)
    assert re.match(r"Release 3 was published as entry \d+ and is still .*built-3: .* Run `sarai publish`", problem)
    with pytest.raises(ChangedError, match="Release 3 was published as entry"):
        refuse_unproven(connection, settings)  # its public edition would be missing where a new one is attacked
    complete_releases(connection, settings)
    refuse_unproven(connection, settings)
    assert (current_number(settings), third.is_dir(), built.exists()) == (3, True, False)
    shutil.copytree(third, settings.releases / f"{BUILT}4")  # killed before it was entered
    assert publish(connection, settings).number == 4
    assert list(compare_releases(connection, settings)) == []


def test_what_lies_beside_the_releases_is_completed_only_if_whole_and_removed_only_if_nobody_needs_it(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    first, third = settings.releases / "1", settings.releases / "3"
    shutil.copytree(first, settings.releases / f"{BUILT}1")
    (settings.releases / f"{BUILT}5").symlink_to(first)
    (settings.releases / f"{BUILT}6").write_text("")
    whole = settings.releases / f"{BUILT}3"
    third.rename(whole)
    rewrite(shutil.copytree(whole, third))  # the true one lies beside it
    complete_releases(connection, settings)
    assert sorted(path.name for path in settings.releases.glob(f"{BUILT}*")) == [f"{BUILT}3"]
    assert first.is_dir()
    shutil.rmtree(third)
    whole.chmod(0o700)
    (whole / "marts.duckdb").unlink()  # not as a run leaves it
    complete_releases(connection, settings)
    assert not third.exists()
    with pytest.raises(ChangedError, match=r"Release 3 was published as entry \d+ and is gone"):
        refuse_unproven(connection, settings)


def test_releases_of_an_earlier_version_are_entered_as_they_stand(
    connection: duckdb.DuckDBPyConnection, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    connection.execute("delete from raw.chain where kind = ?", [RELEASE])
    shutil.rmtree(settings.releases / "2")
    said = [problem.split(" was")[0] for problem in compare_releases(connection, settings)]
    assert said[1:] == [
        "Release 1",
        "Release 3",
    ]  # written by somebody, or their entries were cut off
    for name in "13":
        package = settings.releases / name / "datapackage.json"
        content = json.loads(package.read_text())
        del content["inputs"]
        package.chmod(0o600)
        package.write_text(json.dumps(content))
    (settings.releases / "1" / "datapackage.json.sig").unlink()
    assert list(compare_releases(connection, settings)) == []
    with caplog.at_level("INFO", "sarai"):
        publish(connection, settings)
    assert caplog.messages == ["The ledger had no entries of releases. 2 were entered as they stand now."]
    assert read_entered(connection).keys() == {1, 3, 4}
    assert list(compare_releases(connection, settings)) == []
    enter_earlier(connection, settings)
    rewrite(settings.releases / "1")
    assert len(list(compare_releases(connection, settings))) == 1


def test_the_entry_follows_the_head_that_the_release_names(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    release, head = Release(3, settings.releases / "3"), read_head(connection)
    assert release.package["ledger"]["position"] + 1 == read_entered(connection)[3].position == head.position
    append_links(connection, [("forecasts", "all", "")])
    enter_release(connection, release)
    assert (read_entered(connection)[3].position, read_entered(connection)[3].key) == (head.position + 2, None)


def test_a_link_to_anything_but_a_release_is_said_and_set_right(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    link = settings.releases / "current"
    for number, target in enumerate((str(settings.home / "elsewhere" / "1"), "foo", "03"), start=3):
        same = Release(number, settings.releases / str(number)).package["fingerprint"]
        link.unlink()
        link.symlink_to(target)
        [problem] = compare_releases(connection, settings)
        assert problem.startswith(f"{link} leads to {target}, which is no release of this warehouse. Run `sarai")
        for read in (current_release, rollback):
            with pytest.raises(ReleaseError, match="Run `sarai rollback NUMBER`"):
                read(settings)
        assert find_same(connection, settings, fingerprint=same) is None
        load_last_release(connection, settings)
        assert connection.execute("select count(*) from audit.last_release_by_month").fetchone() == (2,)
        assert publish(connection, settings).number == current_number(settings) == number + 1
        link.unlink()
        link.symlink_to(target)
        assert rollback(settings, 1).number == current_number(settings) == 1
    link.unlink()
    assert [text.split(" is gone")[0] for text in compare_releases(connection, settings)] == [str(link)]
    shutil.copytree(settings.releases / "1", link)
    before = read_head(connection)
    blocked = r"current is in the way of the link .*Move it away"
    with pytest.raises(ReleaseError, match=blocked):
        publish(connection, settings)
    with pytest.raises(ReleaseError, match=blocked):
        rollback(settings, 2)
    assert read_head(connection) == before
    assert "Move it away" in next(compare_releases(connection, settings))


def test_a_planted_release_does_not_say_what_would_be_published(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    same = Release(3, settings.releases / "3")
    shutil.copytree(same.path, settings.releases / "4")
    rewrite(settings.releases / "4")
    package = settings.releases / "4" / "datapackage.json"
    package.write_text(json.dumps(json.loads(package.read_text()) | {"fingerprint": "planted"}))
    (settings.releases / ".finished").write_text("4")
    assert find_same(connection, settings, fingerprint="planted") is None
    assert find_same(connection, settings, fingerprint=same.package["fingerprint"]) == same


def test_what_describes_no_release_is_said_in_words(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    release = settings.releases / "3"
    rewrite(release)
    for text in ('{"a": 1}', "[1]", '{"as_of": "x", "resources": []}', '{"as_of": null, "resources": [1]}'):
        (release / "datapackage.json").write_text(text)
        [problem] = verify_release(Release(3, release))
        assert "datapackage.json cannot be read (it describes no release). Restore" in problem
        assert next(compare_releases(connection, settings)).startswith("Release 3, datapackage.json is not the one")
        assert list(compare_chain(connection, settings)) == []
    assert publish(connection, settings).number == 4
    append_links(connection, [(RELEASE, "7", "garbage"), (RELEASE, "x", "removed")])
    assert read_entered(connection).keys() == {1, 2, 3, 4}
    problems = list(compare_chain(connection, settings))
    assert [re.sub("[0-9]+", "N", text.split(" was")[0]) for text in problems] == [
        "raw.chain, entry N: what it says of release 'N'", "raw.chain, entry N: what it says of release 'x'",
    ]  # fmt: skip
    (settings.releases / ".finished").write_text("x")
    with pytest.raises(ReleaseError, match="holds no number of a release"):
        publish(connection, settings)
    assert "holds no number" in next(compare_releases(connection, settings))


def test_nothing_is_published_over_lost_history(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    refuse_unproven(connection, settings)
    third = settings.releases / "3"
    (settings.releases / "1").rename(settings.home / "kept")
    with pytest.raises(
        ChangedError, match=r"Release 1 was published as entry \d+ and is gone. Restore .*`sarai repair`"
    ):
        refuse_unproven(connection, settings)
    (settings.home / "kept").rename(settings.releases / "1")
    rewrite(third)
    refuse_unproven(connection, settings)  # damage is mended by the next release
    position = Release(2, settings.releases / "2").package["ledger"]["position"]
    connection.execute("delete from raw.chain where position > ?", [position])  # an older database in its place
    with pytest.raises(ChangedError, match=r"Release 3 was made from a ledger of .* the end was cut off. Restore"):
        refuse_unproven(connection, settings)
    for name in "23":
        shutil.rmtree(settings.releases / name)
    rollback(settings, 1)
    with pytest.raises(ChangedError, match="finished says that release 3 was published, and the ledger knows none aft"):
        refuse_unproven(connection, settings)
    state(settings, "none shown")
    refuse_unproven(connection, settings)
    assert publish(connection, settings).number == 4
    assert state(settings, "none shown", last_release=8).next_number == 9
    refuse_unproven(connection, settings)
    (settings.releases / ".finished").unlink()
    complete_releases(connection, settings)
    assert (settings.releases / ".finished").read_text() == "4"  # so much is known of the entries of releases
    with pytest.raises(ChangedError, match=r"finished says 4, and numbers up to 8 were used by others. Again, say"):
        refuse_unproven(connection, settings)
    assert state(settings, "none shown").next_number == 9


def test_no_number_is_believed_that_no_run_can_have_given(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    used = settings.releases / ".finished"
    for text in ("9" * 5000, f"1{'0' * 30}"):
        used.write_text(text)
        with pytest.raises(ChangedError, match=r"finished holds no number of a release. Take it away"):
            refuse_unproven(connection, settings)
        with pytest.raises(ReleaseError, match="holds no number"):
            complete_releases(connection, settings)
    used.unlink()
    os.mkfifo(used)
    with pytest.raises(ReleaseError, match="finished cannot be read"):
        complete_releases(connection, settings)
    used.unlink()
    append_links(connection, [(RELEASE, "9" * 5000, "removed")])
    assert len(list(compare_chain(connection, settings))) == 1
    planted = settings.releases / f"1{'0' * 40}"
    planted.mkdir()
    with pytest.raises(ReleaseError, match=r"no run gives a number above 999999. Take .* away"):
        publish(connection, settings)
    planted.rmdir()
    assert publish(connection, settings).number == 4
