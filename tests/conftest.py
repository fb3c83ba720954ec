"""What tests share: one Prefect server and one published warehouse, because starting either takes seconds."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from golden_submissions import add_countries, write_inbox

from warehouse.storage.settings import REPOSITORY, Settings

if TYPE_CHECKING:
    from flows.ingest import Ingested
    from warehouse.releases.catalogue import Release

HEADINGS = "Record number;Date of seizure;Province;Drug;Quantity;Unit;Notes\n"
# Invented figures: a first report and its correction, a bad row, a nil return, a file that is no workbook, and one
# whose folder and name contradict each other.
INBOX = {
    "KAZ/KAZ_2024-01.csv": f"{HEADINGS}K1;03.01.2024;;Heroin;2,5;kg;\nK2;09.01.2024;;Opium;700;g;\n",
    "KAZ/KAZ_2024-01_revised.csv": (
        f"{HEADINGS}K1;03.01.2024;;Heroin;2,5;kg;\nK2;09.01.2024;;Opium;750;g;\nK3;30.01.2024;;Героин;500;г;<b>\n"
    ),
    "UZB/UZB_2024-01.csv": f"{HEADINGS}U1;05.01.2024;;Opium;1.5;kg;\nU2;06.01.2024;;Opium;much;kg;\n",
    "UZB/UZB_2024-02.csv": HEADINGS,
    "TJK/TJK_2024-01.xlsx": "PK\x03\x04 cut off",
    "KGZ/UZB_2024-03.csv": f"{HEADINGS}X1;05.03.2024;;Opium;1;kg;\n",
}


@dataclass(frozen=True)
class Warehouse:
    """A warehouse in which INBOX was ingested and published, and what the two flows returned."""

    settings: Settings
    ingested: "Ingested"
    release: "Release"


def fill_inbox(inbox: Path, files: dict[str, str]) -> None:
    """Write files whose last change is an hour ago, so that nobody waits for them to settle."""
    for name, text in files.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        before = path.stat().st_mtime - 3600
        os.utime(path, (before, before))


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Connect this process to a temporary Prefect server, whatever the developer's environment names."""
    from flows.runs.server import connect

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            patch.delenv(name)
        connect(Settings(home=tmp_path_factory.mktemp("prefect")))
        from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

        url = os.environ["PREFECT_API_URL"]
        with temporary_settings({PREFECT_API_URL: url, PREFECT_HOME: os.environ["PREFECT_HOME"]}):
            yield url


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled rules for the length of the tests, and not among those of the developer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARAI_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def golden_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt project that knows the invented countries of the golden submissions."""
    ignored = shutil.ignore_patterns("target", "logs")
    project = tmp_path_factory.mktemp("golden_project") / "dbt_project"
    shutil.copytree(REPOSITORY / "dbt_project", project, ignore=ignored)
    add_countries(project / "seeds")
    return project


@pytest.fixture(scope="session")
def published(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The warehouse that tests may read but not change."""
    from flows.ingest import ingest
    from flows.publish import publish

    assert prefect_api
    settings = Settings(home=tmp_path_factory.mktemp("published") / "var")
    fill_inbox(settings.inbox, INBOX)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARAI_HOME", str(settings.root))
        return Warehouse(settings, ingest(), publish())


@pytest.fixture(scope="session")
def golden(prefect_api: str, golden_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The golden submissions, ingested and published; tests may read but not change it."""
    from flows.ingest import ingest
    from flows.publish import publish

    assert prefect_api
    settings = Settings(home=tmp_path_factory.mktemp("golden") / "var", dbt_project=golden_project)
    write_inbox(settings.inbox)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARAI_HOME", str(settings.root))
        patch.setenv("SARAI_DBT_PROJECT", str(golden_project))
        ingest()
        publish()
    return settings


def copy_warehouse(settings: Settings, home: Path) -> Settings:
    """Return a copy of a warehouse that a test may change."""
    shutil.copytree(settings.root, home, symlinks=True)
    return Settings(home=home, dbt_project=settings.dbt_project)


@pytest.fixture
def warehouse(published: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the published warehouse that a test may change; SARAI_HOME names it."""
    home = tmp_path / "var"
    shutil.copytree(published.settings.root, home, symlinks=True)
    monkeypatch.setenv("SARAI_HOME", str(home))
    return Settings(home=home)
