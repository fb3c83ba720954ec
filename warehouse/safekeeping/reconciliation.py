"""Reconciliation: every received byte and row is accounted for, up to the files of the releases.

Counted from the ledger and the tables themselves, not by the models that filled them: what is in force is read from
warehouse.ledger.in_force and compared with what the models of dbt made of it. A problem names what is wrong, where, and
what to do.
"""

from collections.abc import Iterator

import duckdb

from warehouse.disclosure.taken_editions import compare_taken
from warehouse.ledger.chain import read_head
from warehouse.ledger.in_force import COUNTED, LATEST, undecided_submissions
from warehouse.ledger.raw import made_tables
from warehouse.ledger.raw_columns import compare_tables
from warehouse.progress import each
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import list_releases, verify_release
from warehouse.releases.marts import foreign_marts
from warehouse.safekeeping.chain_check import RESTORE_IT, compare_chain
from warehouse.safekeeping.derived_check import compare_derived
from warehouse.safekeeping.kept_places import compare_places
from warehouse.safekeeping.mart_check import compare_marts
from warehouse.safekeeping.release_check import compare_releases
from warehouse.safekeeping.seed_check import compare_seeds
from warehouse.storage.database import open_database
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings
from warehouse.storage.table_digests import filled_tables, tables_in
from warehouse.storage.vault import vault_path
from warehouse.text_table import printable

# Submissions whose sheets have other numbers of rows in a table than were landed there by the ledger.
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
{COUNTED},
landed as (
    select submission_id, sum(row_count)::bigint as row_count, sum(held_count)::bigint as held_count
    from counted
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
    coalesce(landed.row_count, 0), coalesce(landed.held_count, 0), explained.submission_id is not null
from latest
left join landed on latest.submission_id = landed.submission_id
left join explained on latest.submission_id = explained.submission_id
order by 1
"""

# Error findings of decisions about rows that do not exist: nothing shows what was quarantined.
_OF_NO_ROW = """
select distinct submission_id, sheet, source_row
from raw.findings
where table_name = $table_name and decided_at is not null and severity = 'error' and source_row is not null
    and not exists (
        select 1
        from raw."{table}" as rows
        where rows.submission_id = findings.submission_id and rows.sheet = coalesce(findings.sheet, '')
            and rows.source_row = findings.source_row
    )
order by all
"""

_TOTALS = f"""
with {LATEST},
{COUNTED}
select
    counted.table_name, sum(counted.row_count)::bigint,
    coalesce(sum(counted.row_count - held_count) filter (parts.is_current), 0)::bigint,
    coalesce(sum(counted.row_count - held_count) filter (not parts.is_current), 0)::bigint,
    sum(held_count)::bigint, coalesce(sum(counted.row_count) filter (outcome is null), 0)::bigint
from counted
left join parts on counted.submission_id = parts.submission_id and counted.table_name = parts.table_name
group by all
order by 1
"""


def reconcile(settings: Settings) -> list[str]:
    """Compare vault, ledger and its chain, tables, decisions, marts and releases; returns the problems in words.

    Empty when every row is accounted for. Reads the bytes of the whole vault and of all releases.
    """
    with open_database(settings) as connection:
        if changed := list(compare_tables(connection, made_tables(load_questionnaire()))):
            return changed  # nothing can be read of such tables as it was written
        return [
            *compare_places(settings),
            *_compare_vault(connection, settings),
            *_compare_rows(connection),
            *_compare_decisions(connection),
            *compare_marts(connection),
            *foreign_marts(connection, settings.dbt_project).values(),
            *compare_chain(connection, settings),
            *compare_derived(connection),
            *compare_seeds(connection, settings),
            *compare_releases(connection, settings),
            *compare_taken(connection, settings),
            *(problem for release in list_releases(settings) for problem in verify_release(release)),
        ]


def describe_totals(connection: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """Return the identity of each table in numbers: received = in force + superseded + quarantined (+ undecided)."""
    files = connection.execute("select count(*), coalesce(sum(byte_count), 0) from raw.submissions").fetchone()
    count, size = files or (0, 0)
    lines = [f"submissions: {count} with {size} bytes", *_describe_unread(connection, settings)]
    for table, received, current, superseded, held, undecided in connection.execute(_TOTALS).fetchall():
        parts = f"{current} in force + {superseded} superseded + {held} quarantined"
        waiting = f" + {undecided} undecided (run `sarai ingest`)" if undecided else ""
        lines.append(f"{table}: {received} rows received = {parts}{waiting}")
    position, chain = read_head(connection)
    lines.append(f"ledger: {position} entries, the last has the hash {chain or 'of nothing'}")
    if repairs := connection.execute("select repaired_at, problem from raw.repairs order by all").fetchall():
        lines += [f"repaired on {at:%Y-%m-%d %H:%M} UTC: {problem}" for at, problem in repairs]
    return "\n".join([*lines, f"releases: {len(list_releases(settings))}"])


def _describe_unread(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """Yield the files of the vault that no submission is of: a killed run leaves some, which the next one reads."""
    known = {name for (name,) in connection.execute("select distinct sha256 from raw.submissions").fetchall()}
    for path in sorted(settings.vault.glob(f"[0-9a-f][0-9a-f]/{'[0-9a-f]' * 64}")):
        if path.name not in known:
            yield (
                f"not in the ledger: {path} was received, and its run was killed before the file was read. `sarai "
                "ingest` reads it if it still lies in the inbox; if not, copy it into the folder of its country there."
            )


def _compare_vault(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    rows = connection.execute("select distinct sha256, file_name from raw.submissions order by file_name").fetchall()
    checked: dict[str, str | None] = {}
    for sha256, sent in each("Comparing files of the vault", rows, len(rows)):
        name = printable(sent)
        if sha256 not in checked:
            path = vault_path(settings.vault, sha256)
            checked[sha256] = file_sha256(path) if path.is_file() else None
        if checked[sha256] is None:
            yield f"{name}: its bytes {sha256} are not in the vault. Restore {settings.vault} from a backup."
        elif checked[sha256] != sha256:
            yield f"{name}: its bytes in the vault have changed, they no longer have the sha256 {sha256}. {RESTORE_IT}"


def _compare_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Compare the ledger with raw, and with staging where a decision implies that the rows were staged."""
    waiting, places, judged = undecided_submissions(connection), _places(connection), _named_in(connection, "findings")
    for table in load_questionnaire().tables:
        for place, may_wait in places[table.name]:
            rows = connection.execute(_LANDED.format(place=place), {"table_name": table.name}).fetchall()
            for submission_id, landed, there in rows:
                if may_wait and submission_id in waiting:
                    continue
                yield (
                    f"{submission_id}, {table.name}: "
                    f"{landed} rows were landed and {there} are in {place.replace(chr(34), '')}. {RESTORE_IT}"
                )
        if table.name not in judged:
            continue
        for submission_id, sheet, row in connection.execute(
            _OF_NO_ROW.format(table=table.name), {"table_name": table.name}
        ).fetchall():
            place = f"sheet {sheet!r}, row {row}" if sheet else f"row {row}"
            yield f"{submission_id}, {table.name}: {place} was found wrong and is not in raw.{table.name}. {RESTORE_IT}"


def _places(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, bool]]]:
    """Return table → where its rows must be or are, and whether those of submissions that wait may be missing there."""
    staged = tables_in(connection, "staging")
    places = {table.name: [(f'raw."{table.name}"', False)] for table in load_questionnaire().tables}
    for name, parts in places.items():
        if f"stg_{name}" in staged:
            parts.append((f'staging."stg_{name}"', True))
    filled = filled_tables(connection, [place for parts in places.values() for place, _ in parts])
    landed = _named_in(connection, "landings")
    return {name: [part for part in parts if name in landed or part[0] in filled] for name, parts in places.items()}


def _named_in(connection: duckdb.DuckDBPyConnection, ledger: str) -> set[str]:
    """Return the tables of the questionnaire that a table of the ledger names."""
    return {name for (name,) in connection.execute(f"select distinct table_name from raw.{ledger}").fetchall()}


def _compare_decisions(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    rows = connection.execute(_DECIDED).fetchall()
    for name, outcome, received, accepted, quarantined, landed, bad, explained in rows:
        if received != accepted + quarantined:
            yield f"{name}: {received} rows are not {accepted} accepted and {quarantined} quarantined. {RESTORE_IT}"
        if received != landed:
            yield f"{name}: the decision counts {received} rows and {landed} were landed. {RESTORE_IT}"
        if outcome == "accepted" and quarantined != bad:
            yield (
                f"{name}: {quarantined} rows are quarantined and {bad} rows have an error finding or are of a rejected "
                f"table. {RESTORE_IT}"
            )
        if outcome == "rejected" and not explained:
            yield f"{name}: it was rejected and no error finding says why. {RESTORE_IT}"
