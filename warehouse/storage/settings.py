"""Settings: paths of everything that is kept, and the few limits that an operator may change."""

import re
from functools import cached_property
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import Field, HttpUrl, Secret, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parents[2]
# What DuckDB accepts as memory_limit.
_NUMBER = r"(\d+\.?\d*|\.\d+)(e-?\d+)?"
_MEMORY = rf"(?i)^\s*((?-i:none)|-1|{_NUMBER}\s*([kmgt](i?b)?|b|(kilo|mega|giga|tera)?bytes?))\s*$"


class Settings(BaseSettings):
    """Settings from the environment (prefix ``SARAI_``); every path of the system is a property here."""

    model_config = SettingsConfigDict(env_prefix="SARAI_", extra="forbid", frozen=True, hide_input_in_errors=True)

    home: Path = Field(
        default=Path("var"), description="the folder of all state outside git, without *, ? or [ in its path"
    )
    cache: Path = Field(
        default_factory=lambda: user_cache_path("sarai"), description="a folder for what can be made again"
    )
    threads: int = Field(default=2, ge=1, description="the number of threads of DuckDB, at least 1")
    dask: str | None = Field(
        default=None, pattern=r"^(tcp|tls|wss?)://\S+:\d+$",
        description="the address of the scheduler of a Dask cluster that reads files, for example tcp://host:8786",
    )  # fmt: skip
    memory_limit: str = Field(
        default="4GB", pattern=_MEMORY, description="the most memory that DuckDB may take, for example 4GB"
    )
    reader_memory_mb: int = Field(default=4096, ge=256, description="the memory of a reading process, 256 MiB or more")
    reader_timeout_s: float = Field(default=120, gt=0, description="the seconds that one file may take to be read")
    rejection_ratio: float = Field(
        default=0.05, ge=0, le=1, description="the share of bad rows that is still accepted, from 0 to 1"
    )
    dbt_project: Path = Field(
        default=REPOSITORY / "dbt_project",
        description="the folder of the dbt project with models and codelists, without *, ? or [ in its path",
    )
    signing_key: SecretStr | None = Field(
        default=None, description="the Ed25519 private key that signs releases, in PEM without a password"
    )
    waivers: Path = Field(
        default=REPOSITORY / "expectations" / "waivers.yml", description="the file of errors that are waived"
    )
    exchange_rates: Path = Field(
        default=REPOSITORY / "expectations" / "exchange_rates.csv",
        description="the file of exchange rates that the keeper of the warehouse adds",
    )
    alert_webhook: Secret[HttpUrl] | None = Field(
        default=None, description="the http or https address that is called when a run fails"
    )
    server_url: SecretStr | None = Field(
        default=None, description="how libpq reaches the members' database on PostgreSQL, for example service=sarai"
    )
    public_server_url: SecretStr | None = Field(
        default=None, description="how libpq reaches the public database, for example service=sarai_public"
    )
    served_releases: int = Field(default=3, ge=1, description="the number of releases that stay on the server, from 1")
    contact: str | None = Field(
        default=None, max_length=200, description="whom senders ask about an answer, for example an e-mail address"
    )
    lock_timeout_s: float = Field(default=600, description="the seconds to wait for another writer")
    run_timeout_s: float = Field(default=7200, gt=0, description="the seconds that a run may take before it is ended")

    @field_validator("home", "dbt_project")
    @classmethod
    def _is_no_pattern(cls, folder: Path) -> Path:
        """Refuse a folder that DuckDB's readers take for a pattern: they would read the files of another folder."""
        if re.search(r"[*?\[]", str(folder.expanduser().resolve())):
            raise ValueError("the path of this folder holds *, ? or [, which DuckDB takes for a pattern. Rename it")
        return folder

    def at(self, home: Path) -> "Settings":
        """Return the same settings for another folder of state, which the workers of a cluster need not see."""
        return Settings(**(self.model_dump() | {"home": home, "dask": None}))

    @cached_property
    def root(self) -> Path:
        """``SARAI_HOME`` as an absolute path: a relative one would open another database in another folder."""
        return self.home.expanduser().resolve()

    @property
    def inbox(self) -> Path:
        """Folder in which each country has a folder named by its ISO 3166-1 alpha-3 code."""
        return self.root / "inbox"

    @property
    def vault(self) -> Path:
        """Received bytes, named by their sha256."""
        return self.root / "vault"

    @property
    def database(self) -> Path:
        """The working database; readers open releases instead."""
        return self.root / "warehouse.duckdb"

    @property
    def lock(self) -> Path:
        """Lock file of the one writer."""
        return self.root / "writer.lock"

    @property
    def releases(self) -> Path:
        """Releases 1, 2, 3 … and the link ``current``."""
        return self.root / "releases"

    @property
    def last_backup(self) -> Path:
        """What the last backup was, which is in no backup itself."""
        return self.root / "last_backup.json"

    @property
    def bulletin(self) -> Path:
        """Pages of releases, ``<audience>/<release>/``, which can be made again."""
        return self.root / "bulletin"

    @property
    def kits(self) -> Path:
        """Files of releases for one tool each: ``<release>/<tool>/``, ``<release>/public/<tool>/``."""
        return self.root / "kits"

    @property
    def shown_editions(self) -> Path:
        """Public editions that were shown and are of no release here: of before a restore, or of another warehouse."""
        return self.root / "public_editions"

    @property
    def feedback(self) -> Path:
        """Answers to the countries, ``<ISO3>/<YYYY-MM>/``."""
        return self.root / "feedback"

    @property
    def gates(self) -> Path:
        """Results of each gate run, as JSON and as a page."""
        return self.root / "gates"

    @property
    def logs(self) -> Path:
        """Logs of dbt and of Prefect."""
        return self.root / "logs"

    @property
    def private_folders(self) -> tuple[Path, ...]:
        """Folders that only the user of the warehouse may read; the releases are for readers."""
        others = (
            self.root / name
            for name in ("alerts", "bulletin", "dbt", "kits", "last_success", "prefect", "public_editions", "reminders")
        )
        return (self.inbox, self.vault, self.feedback, self.gates, self.logs, *others)

    @property
    def codelists(self) -> Path:
        """Folder of the codelists: dbt's seeds."""
        return self.dbt_project / "seeds"
