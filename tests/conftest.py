"""What tests share: one Prefect server and built warehouses, made by whichever process of a run needs them first."""

import gc
import json
import os
import pickle
import shutil
import signal
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import certifi
import duckdb
import pytest
from filelock import FileLock
from golden_submissions import GOLDEN, add_countries, write_inbox
from made_marts import make_gate, make_marts
from settled_files import settle

from flows.runs.garbage import collect_rarely
from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings

if TYPE_CHECKING:
    from postgres import Server

    from flows.ingest import Ingested
    from warehouse.answers.answer import Answer
    from warehouse.releases.catalogue import Release
    from warehouse.serving.serve import Edition

T = TypeVar("T")

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
        settle(path)


NEED_A_WAREHOUSE = {"prefect_api", "published", "golden", "judged", "warehouse", "database_server"}
# Ledgers and releases that are written, dbt, Great Expectations, LibreOffice, models of time series, attacks on
# editions and programs that are started take as long as a warehouse: in the tests of a folder together, or of a file.
NEED_AS_MUCH = (
    "tests/expectations/test_gate.py", "tests/expectations/test_late_imports.py",
    "tests/expectations/test_submission_suites.py", "tests/flows/test_failures.py",
    "tests/warehouse/answers/test_return_workbook.py", "tests/warehouse/bulletin/test_corrections.py",
    "tests/warehouse/disclosure/", "tests/warehouse/forecasts/", "tests/warehouse/forms/test_template.py",
    "tests/warehouse/forms/test_xlsform.py", "tests/warehouse/intake/test_bulk_landing.py",
    "tests/warehouse/intake/test_reader_", "tests/warehouse/ledger/", "tests/warehouse/lineage/",
    "tests/warehouse/releases/", "tests/warehouse/replies/test_acceptances.py", "tests/warehouse/safekeeping/",
    "tests/warehouse/transform/", "tests/whole/test_fuzzed_files.py", "tests/whole/test_typed_answers.py",
)  # fmt: skip
# What takes longest begins first; what waits much, for servers and limits of time, before all.
FIRST = (
    "test_flow_runs.py", "test_limits.py", "test_golden.py", "test_typed_answers.py", "test_waivers.py",
    "test_mart_suites.py", "test_hostile_files.py", "test_release_durability.py",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    # A shell ignores SIGINT in what it starts in the background, and so would all that tests start: Prefect's worker
    # sends it to itself to end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    collect_rarely()  # searching through all that dbt and Great Expectations import takes a tenth of the time
    config.addinivalue_line("markers", "server: needs a whole warehouse, or what takes as long to start")
    config.addinivalue_line("markers", "chance: tries few of many examples; `make fuzz` tries many")


def pytest_unconfigure() -> None:
    """Search the heap once at the end: pytest does five times, for what was not closed."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a warehouse, and begin with what takes longest, so that all processes end at the same time."""
    for item in items:
        needs = NEED_A_WAREHOUSE & set(getattr(item, "fixturenames", ()))
        if needs or item.nodeid.startswith(NEED_AS_MUCH):
            item.add_marker(pytest.mark.server)
    slow = {item.path for item in items if item.get_closest_marker("server")}
    order = {name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: (order.get(item.path.name, len(order)), item.path not in slow))


def pytest_xdist_auto_num_workers() -> int:
    """Let one process more than there are processors work, as some of the tests only wait."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of a run share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def prefect_api(shared: Path, worker_id: str) -> Iterator[str]:
    """Connect this process to the temporary Prefect server of the run, whatever the developer's environment names.

    It ends with the process that started it, which waits for the others that use it.
    """
    from flows.runs.client import kept_client
    from flows.runs.server import connect

    address = shared / "prefect_api"
    settings = Settings(home=shared / "prefect")
    with pytest.MonkeyPatch.context() as patch, FileLock(shared / f"{worker_id}.uses"):
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            patch.delenv(name)
        with FileLock(shared / "prefect.lock"):
            is_mine = not address.exists()
            if not is_mine:
                patch.setenv("PREFECT_API_URL", address.read_text(encoding="utf-8"))
            connect(settings)
            url = os.environ["PREFECT_API_URL"]
            address.write_text(url, encoding="utf-8")
        import prefect.main  # noqa: F401 - sets up the logs: within a test it would take away what listens there
        from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

        with temporary_settings({PREFECT_API_URL: url, PREFECT_HOME: os.environ["PREFECT_HOME"]}), kept_client():
            yield url
    if is_mine:
        with FileLock(shared / "prefect.lock"):
            address.unlink()
        for used in shared.glob("*.uses"):
            with FileLock(used):
                pass


def certificate_of_one_authority(folder: Path) -> Path:
    """Write what clients trust in a file of one certificate."""
    certificate, *_ = ssl.create_default_context(cafile=certifi.where()).get_ca_certs(binary_form=True)
    path = folder / "authority.pem"
    path.write_text(ssl.DER_cert_to_PEM_cert(certificate))
    return path


@pytest.fixture(scope="session", autouse=True)
def _surroundings(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep prepared warehouses for the length of the tests, and not among those of the developer.

    DuckDB works in one thread where nobody names another number: each processor has its process already, and threads
    that wait for each other take as long as a small statement. The golden warehouse is built in two, as by default.
    Prefect loads for each client whom it trusts: all authorities take 40 ms of processor time, one takes none.
    """
    connect = duckdb.connect

    def connect_in_one_thread(
        database: str | Path = ":memory:", *, read_only: bool = False, config: dict[str, Any] | None = None
    ) -> duckdb.DuckDBPyConnection:
        return connect(database, read_only=read_only, config={"threads": 1} | (config or {}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARAI_CACHE", str(shared / "cache"))
        patch.setenv("SSL_CERT_FILE", str(certificate_of_one_authority(tmp_path_factory.mktemp("trusted"))))
        patch.setenv("SARAI_THREADS", "1")
        patch.setattr(duckdb, "connect", connect_in_one_thread)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a home that nothing is in yet."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The results of a gate, made by hand."""
    return make_gate(tmp_path / "gate")


@pytest.fixture
def connection(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database of ``settings`` with two marts made by hand, for modules that have no other of their own."""
    with open_database(settings) as opened:
        make_marts(opened)
        yield opened


@pytest.fixture(scope="session")
def golden_project(shared: Path) -> Path:
    """A dbt project that knows the invented countries of the golden submissions."""
    project = shared / "golden_project" / "dbt_project"
    with FileLock(shared / "golden_project.lock"):
        if not project.exists():
            copy_project(project)
            add_countries(project / "seeds")
    return project


def only_alert(settings: Settings) -> dict[str, Any]:
    """Return the one alert that there is."""
    (path,) = (settings.root / "alerts").iterdir()
    alert: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return alert


def copy_project(folder: Path) -> Path:
    """Copy the dbt project, without what dbt writes into it."""
    ignored = shutil.ignore_patterns("target", "logs")
    return Path(shutil.copytree(REPOSITORY / "dbt_project", folder, ignore=ignored))


def copy_with_another_mart(folder: Path) -> Path:
    """Copy the dbt project as another version of Sarai: the same but for a comment in a mart."""
    project = copy_project(folder)
    with (project / "models" / "marts" / "reporting" / "rpt_data_quality.sql").open("a", encoding="utf-8") as model:
        model.write("\n-- A comment.\n")
    return project


def build_once(shared: Path, name: str, make: Callable[[Settings], T], settings: Settings) -> T:
    """Make a warehouse when no other process of the run has made it, and copy it to the home that settings name.

    Processes cannot read one database at once when one of them may write. Returns what was made of it.
    """
    folder = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not (folder / "made").exists():
            made = settings.at(folder / "var")
            with named_by_environment(made):
                (folder / "made").write_bytes(pickle.dumps(make(made)))
    shutil.copytree(folder / "var", settings.root, symlinks=True)
    result: T = pickle.loads((folder / "made").read_bytes())  # noqa: S301 - written above
    return result


@contextmanager
def named_by_environment(settings: Settings) -> Iterator[None]:
    """Let the environment name the home and the dbt project of these settings, as flows read them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARAI_HOME", str(settings.root))
        patch.setenv("SARAI_DBT_PROJECT", str(settings.dbt_project))
        patch.setenv("SARAI_THREADS", str(settings.threads))
        patch.setenv("SARAI_WAIVERS", str(settings.waivers))
        patch.setenv("SARAI_EXCHANGE_RATES", str(settings.exchange_rates))
        yield


def begin_prepared(settings: Settings) -> None:
    """Begin with the prepared warehouse of the run, as after an ingest that found nothing: dbt loads no codelists.

    That a first run loads them is shown by the warehouse that ``published`` names.
    """
    from flows.offline.prepared_warehouse import prepare

    with making_what_is_cached(settings):
        prepared = prepare(settings)
    settings.root.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(prepared / settings.database.name, settings.database)


def judge_without_flow(settings: Settings, paths: Sequence[Path]) -> list["Answer"]:
    """Take files into an empty home by the steps that order no flow, start no dbt and write no answer.

    That these decide as an ingest does is shown by the golden submissions. Returns the answers; raises AssertionError
    for a file that is not read.
    """
    from flows.offline.check import judge_files
    from flows.offline.prepared_warehouse import prepare

    with making_what_is_cached(settings):
        prepared = prepare(settings)
    settings.root.mkdir(parents=True, exist_ok=True)
    problems, answers = judge_files(settings, prepared, paths)
    assert problems == []
    return answers


def build_marts(settings: Settings, selection: str) -> None:
    """Build models of a warehouse in which nothing was built yet, with the rates of its keeper and no forecasts."""
    from warehouse.forecasts.tables import create_forecast_tables
    from warehouse.transform.dbt_build import build_models
    from warehouse.transform.kept_rates import write_kept_rates

    with open_database(settings) as connection:
        create_forecast_tables(connection)
        write_kept_rates(connection, settings)
    build_models(settings, selection)


@contextmanager
def making_what_is_cached(settings: Settings) -> Iterator[None]:
    """Let one process of the run at a time make what all of them read from the cache."""
    settings.cache.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.cache / "making.lock"):
        yield


def take_in_and_publish() -> tuple["Ingested", int]:
    """Run both flows on the warehouse that the environment names; returns what was taken in and the release."""
    from flows.ingest import ingest
    from flows.publish import publish

    return ingest(), publish().number


@pytest.fixture(scope="session")
def published(prefect_api: str, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The warehouse that tests may read but not change."""
    from warehouse.releases.catalogue import Release
    from warehouse.transform.dbt_build import parse_project

    def make(settings: Settings) -> tuple["Ingested", int]:
        with making_what_is_cached(settings):
            parse_project(settings)
        fill_inbox(settings.inbox, INBOX)
        return take_in_and_publish()

    assert prefect_api
    settings = Settings(home=tmp_path_factory.mktemp("published") / "var")
    ingested, number = build_once(shared, "published", make, settings)
    return Warehouse(settings, ingested, Release(number, settings.releases / str(number)))


@pytest.fixture(scope="session")
def golden(prefect_api: str, shared: Path, golden_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The golden submissions, ingested and published; tests may read but not change it."""

    def make(settings: Settings) -> tuple["Ingested", int]:
        write_inbox(settings.inbox)
        begin_prepared(settings)
        return take_in_and_publish()

    assert prefect_api
    home = tmp_path_factory.mktemp("golden") / "var"
    settings = Settings(home=home, dbt_project=golden_project, waivers=GOLDEN / "waivers.yml")
    build_once(shared, "golden", make, settings.model_copy(update={"threads": 2}))
    return settings


@pytest.fixture(scope="session")
def judged(shared: Path, golden_project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[str]]:
    """Golden and demo submissions, with its history, as a check before sending judges them, and the names it answers.

    Tests may read but not change the warehouse; it has no marts.
    """

    def make(settings: Settings) -> list[str]:
        write_inbox(settings.inbox)
        for part in ("inbox", "history"):
            shutil.copytree(GOLDEN / "demo" / part, settings.inbox, dirs_exist_ok=True)
        return [answer.submission.file_name for answer in judge_without_flow(settings, [settings.inbox])]

    home = tmp_path_factory.mktemp("judged") / "var"
    settings = Settings(home=home, dbt_project=golden_project, waivers=GOLDEN / "waivers.yml")
    return settings, build_once(shared, "judged", make, settings)


@pytest.fixture(scope="module")
def marts(golden: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The current release of the golden warehouse, for reading."""
    with duckdb.connect(str(golden.releases / "current" / "marts.duckdb"), read_only=True) as connection:
        yield connection


def copy_warehouse(settings: Settings, home: Path) -> Settings:
    """Return a copy of a warehouse that a test may change."""
    shutil.copytree(settings.root, home, symlinks=True)
    return settings.at(home)


@pytest.fixture(scope="session")
def golden_release(golden: Settings) -> "Release":
    """The current release of the golden warehouse."""
    from warehouse.releases.catalogue import current_release

    found = current_release(golden)
    assert found
    return found


@pytest.fixture
def kit_of(golden_release: "Release", golden: Settings, shared: Path) -> Callable[[str, str], Path]:
    """What makes a kit for an audience if no process of the run has made it; tests may read but not change it.

    A kit that would show nothing is a path at which nothing is.
    """

    def make(name: str, audience: str) -> Path:
        from warehouse.kits.errors import NothingToShowError
        from warehouse.kits.folder import make_kit
        from warehouse.kits.kits import KITS
        from warehouse.kits.source import opened

        folder = shared / "kits" / f"{name} {audience}"
        with FileLock(shared / f"kit {name} {audience}.lock"):
            if not folder.exists():
                folder.mkdir(parents=True)
                with opened(golden_release, audience, golden) as source:
                    try:
                        made = make_kit(KITS[name], source, folder).path
                    except NothingToShowError:
                        made = folder / "nothing"
                (folder / "made").write_text(str(made))
        return Path((folder / "made").read_text())

    return make


@pytest.fixture
def bulletin_of(golden_release: "Release", golden: Settings, shared: Path) -> Callable[[str], Path]:
    """What makes the bulletin for an audience, with the year, if no process of the run has.

    Tests may read but not change it.
    """

    def make(audience: str) -> Path:
        from warehouse.bulletin.bulletin import make_bulletin
        from warehouse.bulletin.periods import Periods
        from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened

        folder = shared / "bulletin"
        asked = Periods(years=(2024,) if audience in {PUBLIC, MEMBERS, CENTRE} else ())
        path = folder / audience / str(golden_release.number)
        with FileLock(shared / f"bulletin {audience}.lock"):
            if not path.exists():
                with opened(golden_release, audience, golden) as source:
                    make_bulletin(source, folder, asked=asked)
        return path

    return make


@pytest.fixture
def warehouse(published: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the published warehouse that a test may change; SARAI_HOME names it."""
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    return copy_warehouse(published.settings, tmp_path / "var")


# A person in each of these groups.
READERS = {"aru": "sarai_kaz", "bek": "sarai_uzb", "centre_analyst": "sarai_centre", "guest": "sarai_public"}


@pytest.fixture(scope="session")
def database_server() -> "Iterator[Server]":
    """A server as an administrator has set it up, with a person in four of the groups."""
    from made_release import MEMBERS
    from postgres import postgres

    from warehouse.serving.roles import setup_statements

    with postgres() as server:
        server.administer("\n".join(setup_statements(MEMBERS)))
        server.administer("\n".join(f"create role {name} login in role {group};" for name, group in READERS.items()))
        yield server


@pytest.fixture(scope="session")
def serving_server(database_server: "Server", tmp_path_factory: pytest.TempPathFactory) -> "Server":
    """A server that serves release 1 with all marts."""
    from made_release import make_edition

    from warehouse.serving.serve import serve

    edition = make_edition(tmp_path_factory.mktemp("release") / "1", 1, database_server.address("sarai_loader"))
    serve(edition, Settings())
    return database_server


@contextmanager
def members_database(server: "Server", name: str) -> Iterator[str]:
    """Yield the address of a database of its own, set up like the members'; it is gone afterwards."""
    from warehouse.serving.roles import close_database

    lines = [
        f"create database {name} template template0 owner sarai_owner;",
        f"revoke all on database {name} from public;",
        f"grant connect on database {name} to sarai_loader, sarai_reader;",
        f"\\connect {name}",
        *close_database(),
    ]
    server.administer("\n".join(lines))
    yield server.address("sarai_loader", name)
    server.administer(f"drop database {name} with (force);")


@pytest.fixture
def served_database(database_server: "Server") -> Iterator[str]:
    """The address of a database that one test serves in."""
    with members_database(database_server, "trial") as address:
        yield address


@pytest.fixture(scope="session")
def made_editions(tmp_path_factory: pytest.TempPathFactory) -> "list[Edition]":
    """Releases 1, 2 and 3 of the same rows with once, twice and three times the amounts, which no server serves."""
    from made_release import make_edition

    folder = tmp_path_factory.mktemp("editions")
    names = ("dim_drugs", "fct_seizures", "rpt_seizures_by_province", "fct_seizure_matches")
    return [make_edition(folder / str(n), n, "", times=n, names=names) for n in (1, 2, 3)]


@pytest.fixture
def editions(made_editions: "list[Edition]", served_database: str, tmp_path: Path) -> "list[Edition]":
    """Copies of them that a test may change, and serves in its database."""
    copies = [Path(shutil.copytree(one.folder, tmp_path / str(one.number))) for one in made_editions]
    return [
        replace(one, folder=copy, database=copy / one.database.name, address=served_database)
        for one, copy in zip(made_editions, copies, strict=True)
    ]
