"""Signed releases: whoever holds the public key finds every change in a copy, and the private key is told to nobody."""

import json
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from made_keys import KEY, PEM, private_pem, write_public_key
from made_marts import make_gate, make_marts
from pydantic import SecretStr

from flows.commands.cli import main
from warehouse.disclosure.public_package import write_public_package
from warehouse.releases.catalogue import verify_release
from warehouse.releases.errors import ReleaseError
from warehouse.releases.marts import read_marts
from warehouse.releases.publication import write_release
from warehouse.releases.signing import read_signing_key
from warehouse.releases.verification import verify_folder
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


@pytest.fixture
def public_key(tmp_path: Path) -> Path:
    return write_public_key(tmp_path / "public.pem", KEY)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(Settings(home=tmp_path / "var")) as connection:
        make_marts(connection)
        yield connection


def write_signed(connection: duckdb.DuckDBPyConnection, folder: Path, signing_key: str | None) -> Path:
    """Write a release whose public edition is made of the same tables."""
    gate = folder / "gate"
    settings = Settings(home=folder / "var", signing_key=SecretStr(signing_key) if signing_key else None)
    connection.execute("create schema if not exists public_edition")
    return write_release(
        connection,
        settings,
        gate_results=gate if gate.exists() else make_gate(gate),
        write_public=partial(write_public_package, connection, read_marts(connection), []),
    ).path


@pytest.fixture
def write(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[[str | None], Path]:
    return partial(write_signed, connection, tmp_path)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed release that nobody changes."""
    folder = tmp_path_factory.mktemp("signed")
    with open_database(Settings(home=folder / "var")) as connection:
        make_marts(connection)
        return write_signed(connection, folder, PEM)


@pytest.fixture
def copy(signed: Path, tmp_path: Path) -> Path:
    """A copy of a signed release in which a test may change files."""
    folder = tmp_path / "copy"
    shutil.copytree(signed, folder)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder


def verify(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["verify", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_signed_release_is_told_so_as_a_whole_and_its_public_edition_alone(copy: Path, public_key: Path) -> None:
    assert verify(copy, "--key", public_key) == (
        0, "Release 1: all 14 files are as they were published, and signed with this key.\n",
    )  # fmt: skip
    assert verify(copy / "public", "--key", public_key, "--language", "ru") == (
        0, "Выпуск 1: все файлы (6) такие, какими были опубликованы, и подписаны этим ключом.\n",
    )  # fmt: skip
    status, text = verify(copy)
    assert (status, "It is signed; name the publisher's public key" in text) == (0, True)


def test_another_program_accepts_the_signature(copy: Path, public_key: Path) -> None:
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public_key), "-rawin"]
    files = ["-in", str(copy / "datapackage.json"), "-sigfile", str(copy / "datapackage.json.sig")]
    assert subprocess.run([*command, *files], capture_output=True, check=False).returncode == 0


def test_without_a_key_a_release_is_unsigned_and_says_so(write: Callable[[str | None], Path], public_key: Path) -> None:
    release = write(None)
    assert not (release / "datapackage.json.sig").exists()
    status, text = verify(release)
    assert (status, "it is not signed: nobody can tell who wrote it" in text) == (0, True)
    status, text = verify(release, "--key", public_key)
    assert (status, text.splitlines()[0].split(",")[0]) == (1, "datapackage.json: it is not signed")


def test_an_unsigned_release_is_written_again_with_a_key_and_a_signed_one_is_not(
    write: Callable[[str | None], Path],
) -> None:
    assert [write(key).name for key in (None, PEM, PEM, None, private_pem(Ed25519PrivateKey.generate()))] == [
        "1", "2", "2", "2", "3",
    ]  # fmt: skip


def change_package(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace("drug-control", "drug control"), encoding="utf-8")


def name_path(folder: Path, name: str) -> None:
    path = folder / "public" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][0]["path"] = name
    path.write_text(json.dumps(package), encoding="utf-8")


def change_file_and_package(folder: Path) -> None:
    name_path(folder, "../../public.pem")


def name_endless_path(folder: Path) -> None:
    name_path(folder, "a" * 5000)


def link_outside(folder: Path) -> None:
    path = folder / "csv" / "fct_seizures.csv"
    path.rename(folder.parent / "elsewhere.csv")
    path.symlink_to(folder.parent / "elsewhere.csv")


def change_bytes(folder: Path) -> None:
    path = folder / "csv" / "rpt_seizures_by_month.csv"
    path.write_bytes(path.read_bytes().replace(b"0.1", b"0.2"))


TAMPERINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "figure": (change_bytes, "csv/rpt_seizures_by_month.csv: it is not the file that was published."),
    "file missing": (lambda folder: (folder / "marts.duckdb").unlink(), "marts.duckdb: it is missing."),
    "public edition missing": (
        lambda folder: shutil.rmtree(folder / "public"), "public/datapackage.json: it is missing.",
    ),
    "file added": (lambda folder: (folder / "csv" / "new.csv").touch(), "csv/new.csv: it is not part of the release."),
    "folder added": (lambda folder: (folder / "more").mkdir(), "more: it is not part of the release."),
    "package": (change_package, "datapackage.json: the signature does not fit."),
    "package cut off": (
        lambda folder: (folder / "datapackage.json").write_text('{"version": "1"}'),
        "datapackage.json: it is missing or describes no release.",
    ),
    "path out of the folder": (change_file_and_package, "public/../../public.pem: the data package names a file"),
    "path longer than any": (name_endless_path, f"public/{'a' * 5000}: it is missing."),
    "link": (link_outside, "csv/fct_seizures.csv: the data package names a file outside of its folder."),
    "signature": (
        lambda folder: (folder / "datapackage.json.sig").write_bytes(bytes(64)),
        "datapackage.json: the signature does not fit.",
    ),
    "signature missing": (
        lambda folder: (folder / "public" / "datapackage.json.sig").unlink(), "public/datapackage.json: it is not",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_changed_in_a_copy_is_named(copy: Path, public_key: Path, name: str) -> None:
    tamper, words = TAMPERINGS[name]
    tamper(copy)
    status, text = verify(copy, "--key", public_key)
    assert (status, words in text) == (1, True), text


def test_another_key_does_not_fit(copy: Path, tmp_path: Path) -> None:
    other = write_public_key(tmp_path / "other.pem", Ed25519PrivateKey.generate())
    messages, is_sound = verify_folder(copy, other)
    assert (is_sound, [arguments["file_name"] for _, arguments in messages]) == (
        False, ["datapackage.json", "public/datapackage.json"],
    )  # fmt: skip
    (tmp_path / "none.pem").write_text(PEM)
    assert verify(copy, "--key", tmp_path / "none.pem")[0] == 1


def test_a_signed_release_is_sound_to_reconcile(write: Callable[[str | None], Path], tmp_path: Path) -> None:
    from warehouse.releases.catalogue import list_releases

    write(PEM)
    [release] = list_releases(Settings(home=tmp_path / "var"))
    assert verify_release(release) == []


@pytest.mark.parametrize(
    "wrong",
    [PEM.replace("MC4", "MC5"), PEM[:60], private_pem(X25519PrivateKey.generate()), "x"],
    ids=["damaged", "cut", "of another kind", "none"],  # and not the keys, which are new in every process
)
def test_the_private_key_is_in_no_error_and_no_log(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SARAI_SIGNING_KEY", wrong)
    with caplog.at_level(logging.DEBUG), pytest.raises(ReleaseError) as caught:
        read_signing_key(Settings(home=tmp_path))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    monkeypatch.setenv("SARAI_THREADS", "many")
    refused = CliRunner().invoke(main, ["status"])
    assert refused.exit_code == 2
    body = "".join(line for line in wrong.splitlines() if not line.startswith("-"))[:20]
    monkeypatch.delenv("SARAI_THREADS")
    settings = Settings(home=tmp_path)
    shown = [str(caught.value), caplog.text, refused.output, repr(settings), str(settings), settings.model_dump_json()]
    assert [text for text in shown if len(body) > 1 and body in text] == []


def test_the_private_key_is_in_no_file_that_publishing_writes(
    write: Callable[[str | None], Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        write(PEM)
    secret = PEM.splitlines()[1]
    files = [path for path in (tmp_path / "var").rglob("*") if path.is_file()]
    assert len(files) > 15
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
    assert secret not in caplog.text


@pytest.mark.parametrize(
    "name", ["datapackage.json", "datapackage.json.sig", "marts.duckdb", "public/datapackage.json"]
)
def test_a_pipe_in_place_of_a_file_is_not_waited_for(copy: Path, public_key: Path, name: str) -> None:
    (copy / name).unlink()
    os.mkfifo(copy / name)
    status, output = verify(copy, "--key", public_key)
    assert status == 1
    assert name.removesuffix(".sig") in output
    os.mkfifo(pipe := copy.parent / "pipe.pem")
    assert "is no Ed25519 public key" in verify(copy, "--key", pipe)[1]
