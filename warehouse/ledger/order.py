"""The order of files that came in one run: revision number, then modification time, then name in natural order."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

import duckdb

from warehouse.findings.finding import Finding
from warehouse.intake.submission import Submission
from warehouse.words.catalogue import N_, Argument

# Words before the number of a revision in a file's name: v10, ver.2, rev2, ред2, в.2, испр_3.
_REVISION = re.compile(
    r"(?<![^\W\d_])(?:v|ver|version|rev|revision|corr|ред|редакция|в|вер|версия|испр|исправление|исправленный)"
    r"[\W_]{0,2}(\d{1,4})(?!\d)(?![-.]\d{1,2}(?!\d))",
    re.IGNORECASE,
)

OrderKey = tuple[int, float, list[tuple[bool, int, str]], str]


def order_key(file_name: str, stated: int | None, modified_at: datetime | None) -> OrderKey:
    """Return what sorts files of one run from the first to the last, which counts.

    ``stated`` is the revision number of the cover; without one that of the file's name counts, and a file without
    either has 0. A modification time (UTC without a zone) that is not known comes first.
    """
    return (
        revision_of(file_name, stated),
        modified_at.replace(tzinfo=UTC).timestamp() if modified_at else 0,
        natural_key(file_name),
        file_name,
    )


def revision_of(file_name: str, stated: int | None) -> int:
    """Return the revision number that a file gives itself: that of its cover, else of its name, 0 without either."""
    return stated if stated is not None else named_revision(file_name)


def named_revision(file_name: str) -> int:
    """Return the last revision number that a file's name states, e.g. 10 of KAZ_2024-05_v10.csv; 0 if none."""
    numbers = _REVISION.findall(PurePosixPath(file_name).stem)
    return int(numbers[-1]) if numbers else 0


def natural_key(file_name: str) -> list[tuple[bool, int, str]]:
    """Return what sorts names as people do: numbers by value, letters without case, the suffix not at all."""
    parts = re.findall(r"\d+|\D+", PurePosixPath(file_name).with_suffix("").as_posix().casefold())
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def revision_findings(connection: duckdb.DuckDBPyConnection, submissions: Sequence[Submission]) -> list[Finding]:
    """Warn of a file that calls itself older than one received before it: an old file may have been sent again.

    The same number on two covers is a mistake too; in names it is the usual way to send a file anew.
    """
    rows = connection.execute(
        """
        with arrived as (from raw.submissions inner join ledger.arrivals using (submission_id))
        select later.submission_id, later.file_name, later.revision,
            max(earlier.revision), list(distinct (earlier.file_name, earlier.revision))
        from arrived as later
        inner join arrived as earlier
            on later.country_code = earlier.country_code and later.reporting_month = earlier.reporting_month
            and later.arrival_number > earlier.arrival_number and later.sha256 <> earlier.sha256
        where later.submission_id in (select unnest(?::varchar[]))
        group by later.submission_id, later.file_name, later.revision order by later.submission_id
        """,
        [[s.submission_id for s in submissions]],
    ).fetchall()
    message = N_(
        "the file calls itself revision {stated}, and revision {known} came before it. It replaces that one because it "
        "came later. If it is an old file, send the right one again with a higher number."
    )
    found = []
    for submission_id, name, stated, on_covers, earlier in rows:
        number, known = revision_of(name, stated), max(revision_of(*one) for one in earlier)
        if 0 < number < known or (stated is not None and on_covers is not None and stated <= on_covers):
            arguments: dict[str, Argument] = {"file_name": name, "stated": number, "known": known}
            found.append(
                Finding(submission_id, "warning", "revision_not_newer", message, value=str(number), arguments=arguments)
            )
    return found
