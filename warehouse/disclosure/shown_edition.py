"""A public edition as its readers have it: the folder of its data package, with suppressed counts left empty."""

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path, PurePath
from typing import Annotated, Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.disclosure.person_counts import COUNT_COLUMNS, PERSONS_TABLE, CountKey
from warehouse.releases.catalogue import PUBLIC_FOLDER
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError
from warehouse.releases.formats import DATABASE, recover_text
from warehouse.storage.durable import file_sha256
from warehouse.storage.reading import open_beside, open_release
from warehouse.storage.regular_files import open_below, read_regular
from warehouse.storage.sql import identifier, literal
from warehouse.words.catalogue import N_, Argument, fill

CERTIFICATE = "certificate.json"
# What an edition without a certificate left its suppressed counts at least: the rule of the versions that wrote none.
WIDTH_WITHOUT_CERTIFICATE = 4

_DIFFERENT = N_(
    "{file_name}: its counts of persons are not those of the other formats. Do not use this edition. Ask for it again."
)
_CSV = PurePath("csv", f"{PERSONS_TABLE}.csv")
_PARQUET = PurePath("parquet", f"{PERSONS_TABLE}.parquet")

Counts = Mapping[CountKey, int | None]


class DifferentFormatsError(ReleaseError):
    """The formats of a public edition show different counts; ``messages`` name the files, for ``fill``."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """``paths`` are the files whose counts no other format has."""
        self.messages: list[tuple[str, dict[str, Argument]]] = [(_DIFFERENT, {"file_name": str(p)}) for p in paths]
        super().__init__("\n".join(fill(message, arguments, "en") for message, arguments in self.messages))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CertifiedEdition(_Strict):
    """An edition that a certificate takes into account: its number, the sha256 of its data package, its width."""

    version: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    width: int


class CertifiedCount(_Strict):
    """A suppressed count."""

    country_code: str
    calendar_year: int
    month_number: int
    contact_stage_code: str
    offence_code: str
    characteristic_name: str
    characteristic_code: str

    @property
    def key(self) -> CountKey:
        """The group of persons that it is of."""
        return CountKey(*(getattr(self, name) for name in CountKey._fields))


class ApartCount(CertifiedCount):
    """A suppressed count of one edition that is not the same number as in others.

    ``edition`` is its place among the editions of the certificate, which the edition itself follows; ``number`` tells
    different values of a count apart and tells nothing about them.
    """

    edition: int
    number: int


class CertifiedInterval(CertifiedCount):
    """The least and the largest value that all editions leave a suppressed count; None: it has no upper bound."""

    lowest_count: int
    highest_count: int | None


class Certificate(_Strict):
    """``certificate.json``: what is promised of suppressed counts, over which editions, and what they are left."""

    table: str
    threshold: int
    width: int
    editions: list[CertifiedEdition]
    apart: list[ApartCount]
    intervals: list[CertifiedInterval]


@dataclass(frozen=True)
class ShownEdition:
    """A public edition: its number, the sha256 of its data package, its counts of persons (None: suppressed).

    ``certificate`` is None for an edition without one.
    """

    version: str
    sha256: str
    counts: Counts
    certificate: Certificate | None

    @property
    def width(self) -> int:
        """The least width that it promised its suppressed counts."""
        return self.certificate.width if self.certificate else WIDTH_WITHOUT_CERTIFICATE


def public_folder(folder: Path) -> Path:
    """Return the folder of the public edition of a release, or of a folder that holds a public edition alone."""
    return folder / PUBLIC_FOLDER if (folder / PUBLIC_FOLDER).is_dir() else folder


def read_certificate(folder: Path) -> Certificate | None:
    """Return the certificate in the folder of a public edition, None if there is none; raises ReleaseError."""
    path = folder / CERTIFICATE
    if not path.exists():
        return None
    try:
        return Certificate.model_validate_json(read_regular(path))
    except (OSError, ValidationError) as error:
        raise ReleaseError(f"{path} is no certificate of a public edition. Ask for the edition again.") from error


def read_shown_edition(folder: Path) -> ShownEdition:
    """Return the public edition in a folder, whose files were verified.

    Raises ReleaseError when it cannot be read, DifferentFormatsError when its formats show different counts.
    """
    try:
        package: dict[str, Any] = json.loads(read_regular(folder / DATA_PACKAGE))
        if package["edition"] != "public":
            raise ReleaseError(f"{folder} is the edition of the members. Name the folder of a public edition.")
        counts = _read_counts(folder)
        sha256 = file_sha256(folder / DATA_PACKAGE)
    except (OSError, ValueError, KeyError, TypeError, duckdb.Error) as error:
        raise ReleaseError(f"{folder} holds no public edition that can be read ({error}). Ask for it again.") from error
    return ShownEdition(str(package["version"]), sha256, counts, read_certificate(folder))


def _read_counts(folder: Path) -> Counts:
    """Return the counts that all formats show; an edition of before there were reports on persons has none."""
    csv_counts = _read_csv(folder)
    # More rows than the CSV has are a difference already: a file made to be endless is not read to its end.
    most = len(csv_counts) + 1
    formats = {
        _CSV: csv_counts,
        _PARQUET: _read_parquet(folder, most),
        PurePath(DATABASE): _read_database(folder, most),
    }
    shown = list(formats.values())
    if different := [folder / place for place, counts in formats.items() if shown.count(counts) == 1]:
        raise DifferentFormatsError(different)
    return csv_counts


def _read_csv(folder: Path) -> Counts:
    try:
        with open_below(folder, _CSV) as file:
            text = file.read().decode("utf-8")
    except FileNotFoundError:
        return {}
    rows = []
    for row in csv.DictReader(StringIO(text, newline="")):
        country, year, month, *codes = (recover_text(row[name]) for name in CountKey._fields)
        count = int(row["persons_count"]) if row["persons_count"] else None
        rows.append((country, int(year), int(month), *codes, count))
    return _by_key(rows)


def _read_parquet(folder: Path, most: int) -> Counts:
    """Read a copy: DuckDB would take a folder with brackets or asterisks in its name for a pattern of others."""
    with tempfile.TemporaryDirectory(prefix="sarai-") as place:
        copy = Path(place, _PARQUET.name)
        try:
            with open_below(folder, _PARQUET) as file:
                copy.write_bytes(file.read())
        except FileNotFoundError:
            return {}
        with open_beside({}) as connection:
            query = f"select {COUNT_COLUMNS} from read_parquet({literal(str(copy))}) limit {most}"
            return _by_key(connection.execute(query).fetchall())


def _read_database(folder: Path, most: int) -> Counts:
    try:
        open_below(folder, PurePath(DATABASE)).close()
    except FileNotFoundError:
        return {}
    with open_release(folder / DATABASE) as connection:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        # A view would run a query that a stranger wrote, and so would a macro of his with the name of a function here.
        tables = "select 1 from system.main.duckdb_tables() where schema_name = 'main' and table_name = ?"
        if not connection.execute(tables, [PERSONS_TABLE]).fetchone():
            return {}
        query = f"select {COUNT_COLUMNS} from main.{identifier(PERSONS_TABLE)} limit {most}"
        return _by_key(connection.execute(query).fetchall())


def _by_key(rows: Iterable[Sequence[Any]]) -> Counts:
    """Return counts by what they count; raises ValueError for one that is shown twice."""
    keyed = [(CountKey(*row[:-1]), row[-1]) for row in rows]
    if twice := [key for key, times in Counter(key for key, _ in keyed).items() if times > 1]:
        raise ValueError(f"{', '.join(map(str, twice[0]))} is counted twice")
    return dict(keyed)
