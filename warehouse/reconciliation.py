"""Reconciliation: every received byte and row is accounted for, up to the files of the releases.

Counted here from the ledger and the tables themselves, not by the models that filled them. A line that does not add up
says what is wrong, where, and what to do.
"""

from collections.abc import Iterator

import duckdb

from warehouse.catalogue import list_releases, verify_release
from warehouse.database import open_database
from warehouse.datapackage import file_sha256
from warehouse.questionnaire import load_questionnaire
from warehouse.settings import Settings
from warehouse.status import LATEST
from warehouse.vault import vault_path

_RESTORE = "Restore the warehouse from a backup."

# Submissions whose sheets do not have as many rows in a table as the ledger says were landed there.
_LANDED = """
select coalesce(landed.submission_id, there.submission_id), coalesce(landed.row_count, 0), coalesce(there.row_count, 0)
from (
    select submission_id, sheet, sum(row_count)::bigint as row_count
    from raw.landings
    where table_name = $table_name
    group by all
) as landed
full join (select submission_id, sheet, count(*) as row_count from {place} group by all) as there
    on landed.submission_id = there.submission_id and landed.sheet = there.sheet
where coalesce(landed.row_count, 0) <> coalesce(there.row_count, 0)
order by 1
"""

_DECIDED = f"""
with {LATEST},
landed as (
    select submission_id, sum(row_count)::bigint as row_count from raw.landings group by all
),
bad as (
    select
        findings.submission_id,
        count(distinct (findings.table_name, findings.sheet, findings.source_row)) as row_count
    from raw.findings
    inner join latest on findings.submission_id = latest.submission_id and findings.decided_at = latest.decided_at
    where severity = 'error' and source_row is not null
    group by all
),
explained as (
    select distinct findings.submission_id
    from raw.findings
    inner join latest on findings.submission_id = latest.submission_id
    where severity = 'error' and coalesce(findings.decided_at, latest.decided_at) = latest.decided_at
)
select
    latest.submission_id, latest.outcome, latest.received_count, latest.accepted_count, latest.quarantined_count,
    coalesce(landed.row_count, 0), coalesce(bad.row_count, 0), explained.submission_id is not null
from latest
left join landed on latest.submission_id = landed.submission_id
left join bad on latest.submission_id = bad.submission_id
left join explained on latest.submission_id = explained.submission_id
order by 1
"""

# The marts name the submissions they were built from, so that they can be judged before and after the next publish.
_PUBLISHED = """
select parts.submission_id, parts.accepted_count, coalesce(facts.row_count, 0)
from (
    select submission_id, accepted_count from marts.rpt_submissions where table_name = 'seizures' and is_current
) as parts
full join (select submission_id, count(*) as row_count from marts.fct_seizures group by all) as facts
    on parts.submission_id = facts.submission_id
where coalesce(parts.accepted_count, 0) <> coalesce(facts.row_count, 0)
order by 1
"""

_IN_FORCE = f"""
with {LATEST},
decided as (select submission_id, outcome from latest),
known as (select distinct submission_id, outcome from marts.rpt_submissions),
expected as (select submission_id, table_name from parts where is_current),
published as (select submission_id, table_name from marts.rpt_submissions where is_current)
select coalesce(expected.submission_id, published.submission_id), coalesce(expected.table_name, published.table_name)
from expected
full join published
    on expected.submission_id = published.submission_id and expected.table_name = published.table_name
where (expected.submission_id is null or published.submission_id is null)
    and not exists (from (from decided except from known))
    and not exists (from (from known except from decided))
order by 1, 2
"""

_TOTALS = f"""
with {LATEST},
bad as (
    select distinct findings.submission_id, findings.table_name, findings.sheet, findings.source_row
    from raw.findings
    inner join latest on findings.submission_id = latest.submission_id and findings.decided_at = latest.decided_at
    where latest.outcome = 'accepted' and severity = 'error' and source_row is not null
),
quarantined as (select submission_id, table_name, count(*) as row_count from bad group by all),
counted as (
    select
        landed.table_name, landed.row_count, latest.outcome,
        case latest.outcome
            when 'accepted' then coalesce(quarantined.row_count, 0)
            when 'rejected' then landed.row_count
            else 0
        end as held_count,
        coalesce(parts.is_current, false) as is_current
    from (
        select submission_id, table_name, sum(row_count)::bigint as row_count from raw.landings group by all
    ) as landed
    left join latest on landed.submission_id = latest.submission_id
    left join quarantined
        on landed.submission_id = quarantined.submission_id and landed.table_name = quarantined.table_name
    left join parts on landed.submission_id = parts.submission_id and landed.table_name = parts.table_name
)
select
    table_name, sum(row_count)::bigint,
    coalesce(sum(row_count - held_count) filter (outcome = 'accepted' and is_current), 0)::bigint,
    coalesce(sum(row_count - held_count) filter (outcome = 'accepted' and not is_current), 0)::bigint,
    sum(held_count)::bigint, coalesce(sum(row_count) filter (outcome is null), 0)::bigint
from counted
group by all
order by 1
"""


def reconcile(settings: Settings) -> list[str]:
    """Compare vault, ledger, tables, decisions, marts and releases; returns what does not add up, in words.

    Empty when every row is accounted for. Reads the bytes of the whole vault and of all releases.
    """
    with open_database(settings) as connection:
        return [
            *_compare_vault(connection, settings),
            *_compare_rows(connection),
            *_compare_decisions(connection),
            *_compare_marts(connection),
            *(problem for release in list_releases(settings) for problem in verify_release(release)),
        ]


def describe_totals(connection: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """Return the identity of each table in numbers: received = in force + superseded + quarantined (+ undecided)."""
    files = connection.execute("select count(*), coalesce(sum(byte_count), 0) from raw.submissions").fetchone()
    count, size = files or (0, 0)
    lines = [f"submissions: {count} with {size} bytes"]
    for table, received, current, superseded, held, undecided in connection.execute(_TOTALS).fetchall():
        parts = f"{current} in force + {superseded} superseded + {held} quarantined"
        waiting = f" + {undecided} undecided (run `sarai ingest`)" if undecided else ""
        lines.append(f"{table}: {received} rows received = {parts}{waiting}")
    return "\n".join([*lines, f"releases: {len(list_releases(settings))}"])


def _compare_vault(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    rows = connection.execute("select distinct sha256, file_name from raw.submissions order by file_name").fetchall()
    checked: dict[str, str | None] = {}
    for sha256, name in rows:
        if sha256 not in checked:
            path = vault_path(settings.vault, sha256)
            checked[sha256] = file_sha256(path) if path.is_file() else None
        if checked[sha256] is None:
            yield f"{name}: its bytes {sha256} are not in the vault. Restore {settings.vault} from a backup."
        elif checked[sha256] != sha256:
            yield f"{name}: its bytes in the vault have changed, they no longer have the sha256 {sha256}. {_RESTORE}"


def _compare_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Compare the ledger with raw, and with staging where a decision says that the rows were staged."""
    staged = {row[0] for row in connection.execute(
        "select table_name from information_schema.tables where table_schema = 'staging'"
    ).fetchall()}  # fmt: skip
    waiting = {row[0] for row in connection.execute(
        "select submission_id from raw.submissions where submission_id not in (select submission_id from raw.decisions)"
    ).fetchall()}  # fmt: skip
    for table in load_questionnaire().tables:
        places = [(f'raw."{table.name}"', False)]
        if f"stg_{table.name}" in staged:
            places.append((f'staging."stg_{table.name}"', True))
        for place, may_wait in places:
            rows = connection.execute(_LANDED.format(place=place), {"table_name": table.name}).fetchall()
            for submission_id, landed, there in rows:
                if may_wait and submission_id in waiting:
                    continue
                yield (
                    f"{submission_id}, {table.name}: "
                    f"{landed} rows were landed and {there} are in {place.replace(chr(34), '')}. {_RESTORE}"
                )


def _compare_decisions(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    rows = connection.execute(_DECIDED).fetchall()
    for name, outcome, received, accepted, quarantined, landed, bad, explained in rows:
        if received != accepted + quarantined:
            yield f"{name}: {received} rows are not {accepted} accepted and {quarantined} quarantined. {_RESTORE}"
        if received != landed:
            yield f"{name}: the decision counts {received} rows and {landed} were landed. {_RESTORE}"
        if outcome == "accepted" and quarantined != bad:
            yield f"{name}: {quarantined} rows are quarantined and {bad} rows have an error finding. {_RESTORE}"
        if outcome == "rejected" and not explained:
            yield f"{name}: it was rejected and no error finding says why. {_RESTORE}"


def _compare_marts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    present = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'marts' "
        "and table_name in ('fct_seizures', 'rpt_submissions')"
    ).fetchone()
    if not present or present[0] < 2:  # noqa: PLR2004 - both tables
        return
    rebuild = "Run `sarai publish`, which builds the marts anew."
    for name, accepted, there in connection.execute(_PUBLISHED).fetchall():
        yield f"{name}: {accepted or 0} accepted rows are in force and {there} are in marts.fct_seizures. {rebuild}"
    for name, table in connection.execute(_IN_FORCE).fetchall():
        yield f"{name}, {table}: marts and ledger differ on whether it is in force. {rebuild}"
