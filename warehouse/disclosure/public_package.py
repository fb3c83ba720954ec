"""The folder ``public`` of a release: the public edition in every format, with its own data package."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from warehouse.disclosure.certificate import write_certificate
from warehouse.disclosure.joint_editions import PublicEdition
from warehouse.disclosure.person_counts import PERSONS_TABLE
from warehouse.disclosure.public_edition import SCHEMA
from warehouse.disclosure.suppression import KNOWN_WITHIN, THRESHOLD, WIDTH
from warehouse.releases.catalogue import PUBLIC_FOLDER
from warehouse.releases.datapackage import DATA_PACKAGE, describe_file, describe_origin, fingerprint, write_package
from warehouse.releases.formats import Output, write_formats
from warehouse.releases.marts import Mart

PUBLIC_DESCRIPTION = """\
Public edition. Left out: records of single events, persons and offices, free text, every place below
the country, names of files and senders. The members of the region have a fuller edition. Times are UTC. Text in csv/
that a spreadsheet would run as a formula has an apostrophe in front."""

SUPPRESSION_METHOD = f"""\
Counts of 1 to {THRESHOLD - 1} persons are suppressed, and all characteristics of a group of that size.
Others are suppressed with them, so that nobody who holds this and every earlier public edition can compute a suppressed
count: for each there are whole tables of integers that agree with all that is shown, in which a count under {THRESHOLD}
takes values from 1 or less to {THRESHOLD} or more, and any count values at least {WIDTH} apart, none being more than
{KNOWN_WITHIN} above the true count. The interval that is left to each stands in certificate.json. A count that has
changed by fewer than {THRESHOLD} persons since it was shown is suppressed too. Why a count is suppressed is not told.
Where a group has {THRESHOLD} persons or more, nobody is shown as 0; a group without a row had nobody reported, or its
year and stage could not be protected and are left out. An attack by integer programming was made before the release
and found no suppressed count. Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001; Fischetti and
Salazar-Gonzalez, Management Science 47, 2001."""


def write_public_package(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    editions: Sequence[PublicEdition],
    release: Path,
    number: int,
) -> Output:
    """Write the public edition below the folder ``release``, and return its data package as a file of that release.

    ``marts`` are the tables of schema public_edition, ``editions`` what read_public_editions returns. Raises
    ReleaseError for a table that cannot be written, and for suppressed counts that cannot be certified.
    """
    folder = release / PUBLIC_FOLDER
    folder.mkdir()
    outputs = write_formats(connection, marts, folder)
    if editions:
        path = write_certificate(folder, editions[-1], editions[:-1])
        outputs.append(Output(path, {"type": "file", "mediatype": "application/json"}))
    resources = [describe_file(folder, output) for output in outputs]
    content = fingerprint(resources)
    package = {
        "profile": "data-package",
        "name": "sarai-public",
        "title": "Regional drug-control statistics: public edition",
        "description": PUBLIC_DESCRIPTION.replace("\n", " "),
        "edition": "public",
        "fingerprint": content,
        **describe_origin(number, None),
        "disclosure_control": _describe_control(connection, marts),
        "resources": resources,
    }
    write_package(folder, package)
    keywords = {"type": "file", "mediatype": "application/json", "fingerprint": content}
    return Output(Path(PUBLIC_FOLDER, DATA_PACKAGE), keywords)


def _describe_control(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> dict[str, Any]:
    """Return the method and threshold of suppression, and the numbers of all counts and of suppressed ones."""
    counted: tuple[int, int] | None = (0, 0)
    if any(mart.name == PERSONS_TABLE for mart in marts):
        counted = connection.execute(
            f"select count(*), count_if(is_suppressed) from {SCHEMA}.{PERSONS_TABLE}"
        ).fetchone()
    counts, suppressed = counted or (0, 0)
    return {
        "method": SUPPRESSION_METHOD.replace("\n", " "),
        "table": PERSONS_TABLE,
        "threshold": THRESHOLD,
        "width": WIDTH,
        "counts_count": counts,
        "suppressed_count": suppressed,
    }
