"""A public edition as its readers have it: the folder of its data package, with suppressed counts left empty."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.disclosure.person_counts import CountKey
from warehouse.disclosure.shown_counts import Counts, read_counts_shown
from warehouse.releases.catalogue import PUBLIC_FOLDER
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError
from warehouse.storage.durable import file_sha256
from warehouse.storage.regular_files import read_regular

CERTIFICATE = "certificate.json"
# What an edition without a certificate left its suppressed counts at least: the rule of the versions that wrote none.
WIDTH_WITHOUT_CERTIFICATE = 4


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CertifiedEdition(_Strict):
    """An edition that a certificate takes into account: its number, the sha256 of its data package, its width."""

    version: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    width: int


class CertifiedCount(_Strict):
    """A count, by the group of persons that it is of."""

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
    """A count of one edition that is not the same number as in others.

    ``edition`` is its place among the editions of the certificate, which the edition itself follows; ``number`` tells
    different values of a suppressed count apart and tells nothing about them. A count that the edition shows is none
    of those that others suppress.
    """

    edition: Annotated[int, Field(ge=0)]
    number: Annotated[int, Field(ge=1)]


class CertifiedInterval(CertifiedCount):
    """The least and the largest value that all editions leave a suppressed count; None: it has no upper bound."""

    lowest_count: int
    highest_count: int | None


class Certificate(_Strict):
    """``certificate.json``: what is promised of suppressed counts, over which editions, and what they are left."""

    table: Literal["rpt_persons_by_period"]
    threshold: int
    width: int
    editions: list[CertifiedEdition]
    apart: list[ApartCount]
    intervals: list[CertifiedInterval]

    @model_validator(mode="after")
    def _require_one_statement_each(self) -> Self:
        _require_distinct([part.sha256 for part in self.editions])
        _require_distinct([(part.edition, part.key) for part in self.apart])
        _require_distinct([part.key for part in self.intervals])
        if any(part.edition > len(self.editions) for part in self.apart):
            raise ValueError("an edition that is not named")
        return self


def _require_distinct(names: Sequence[Hashable]) -> None:
    if len(set(names)) < len(names):
        raise ValueError("two statements on the same")


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
    """Return the folder of the public edition of a release, or the folder itself when it is a public edition."""
    inside = folder / PUBLIC_FOLDER
    return inside if inside.is_dir() and not _is_public(folder) else folder


def _is_public(folder: Path) -> bool:
    try:
        return bool(_read_json(folder / DATA_PACKAGE)["edition"] == "public")
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def _read_json(path: Path) -> Any:
    """Return a JSON document; raises ValueError when an object names a thing twice, of which readers take either."""

    def keyed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        _require_distinct([name for name, _ in pairs])
        return dict(pairs)

    return json.loads(read_regular(path), object_pairs_hook=keyed)


def read_certificate(folder: Path) -> Certificate | None:
    """Return the certificate in the folder of a public edition, None if there is none; raises ReleaseError."""
    path = folder / CERTIFICATE
    if not path.exists():
        return None
    try:
        return Certificate.model_validate(_read_json(path))
    except (OSError, ValueError, RecursionError, ValidationError) as error:
        raise ReleaseError(f"{path} is no certificate of a public edition. Ask for the edition again.") from error


def read_shown_edition(folder: Path) -> ShownEdition:
    """Return the public edition in a folder, whose files were verified.

    Raises ReleaseError when it cannot be read, DifferentFormatsError when its formats show different counts.
    """
    try:
        package = _read_json(folder / DATA_PACKAGE)
        if package["edition"] != "public":
            raise ReleaseError(f"{folder} is the edition of the members. Name the folder of a public edition.")
        paths = [PurePosixPath(part["path"]) for part in package["resources"]]
        counts = read_counts_shown(folder, {path.stem for path in paths if path.suffix == ".csv"})
        sha256 = file_sha256(folder / DATA_PACKAGE)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, duckdb.Error) as error:
        raise ReleaseError(f"{folder} holds no public edition that can be read ({error}). Ask for it again.") from error
    return ShownEdition(str(package["version"]), sha256, counts, read_certificate(folder))
