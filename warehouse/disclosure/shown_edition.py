"""A public edition as its readers have it: the folder of its data package, with suppressed counts left empty."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.disclosure.joint_editions import PERSONS_TABLE
from warehouse.disclosure.person_counts import CountKey
from warehouse.releases.catalogue import PUBLIC_FOLDER
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError
from warehouse.storage.durable import file_sha256
from warehouse.storage.regular_files import read_regular

CERTIFICATE = "certificate.json"
# What an edition without a certificate left its suppressed counts at least: the rule of the versions that wrote none.
WIDTH_WITHOUT_CERTIFICATE = 4


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
    counts: Mapping[CountKey, int | None]
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
    """Return the public edition in a folder, whose files were verified; raises ReleaseError when it cannot be read."""
    try:
        package: dict[str, Any] = json.loads(read_regular(folder / DATA_PACKAGE))
        if package["edition"] != "public":
            raise ReleaseError(f"{folder} is the edition of the members. Name the folder of a public edition.")
        counts = _read_counts(folder / "csv" / f"{PERSONS_TABLE}.csv")
        sha256 = file_sha256(folder / DATA_PACKAGE)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{folder} holds no public edition that can be read ({error}). Ask for it again.") from error
    return ShownEdition(str(package["version"]), sha256, counts, read_certificate(folder))


def _read_counts(path: Path) -> dict[CountKey, int | None]:
    """Return the published counts; an edition of before there were reports on persons has none."""
    if not path.exists():
        return {}
    counts = {}
    for row in csv.DictReader(StringIO(read_regular(path).decode("utf-8"), newline="")):
        country, year, month, *codes = (row[name] for name in CountKey._fields)
        key = CountKey(country, int(year), int(month), *codes)
        counts[key] = int(row["persons_count"]) if row["persons_count"] else None
    return counts
