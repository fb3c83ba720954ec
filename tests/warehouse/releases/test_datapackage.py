"""The origin of the code that made a release."""

import subprocess
from pathlib import Path

import pytest

from warehouse.releases.datapackage import read_commit


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "file").write_text("1")
    identity = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "file"], [*identity, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def test_commit_is_named_and_changes_are_admitted(repository: Path) -> None:
    head = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    assert read_commit(repository) == head.stdout.strip()
    (repository / "file").write_text("2")
    assert read_commit(repository) == f"{head.stdout.strip()}-dirty"


def test_a_repository_around_an_installed_package_is_not_its_own(repository: Path) -> None:
    package = repository / "site-packages"
    package.mkdir()
    assert read_commit(package) is None


def test_without_git_the_commit_is_unknown(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert read_commit(repository) is None
