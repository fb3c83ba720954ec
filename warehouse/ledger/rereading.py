"""Refusals for want of time or memory: such a file is read again when the limit that refused it has risen."""

from pathlib import Path

import duckdb

from warehouse.intake.landing import MEMORY_MB, SECONDS, Request
from warehouse.storage.settings import Settings
from warehouse.storage.vault import vault_path


def refused_files(connection: duckdb.DuckDBPyConnection, settings: Settings, folder: Path) -> list[Request]:
    """Return what to read again from the vault: files that were refused under lower limits than those of today only.

    A file keeps the time of its receipt and its place in the order, so that a correction that was received after it
    stays in force. ``folder`` is where readers put their canonical csv files.
    """
    rows = connection.execute(
        f"""
        with refused as (
            select
                submission_id, cast(arguments ->> '$.{SECONDS}' as double) as seconds,
                cast(arguments ->> '$.{MEMORY_MB}' as double) as memory_mb
            from raw.findings
            where decided_at is null and rule = 'file_unreadable'
        )
        select
            sha256, byte_count, file_name, received_at, modified_at,
            (select list(same.submission_id) from raw.submissions as same where same.sha256 = submissions.sha256)
        from raw.submissions left join refused using (submission_id)
        group by sha256, byte_count, file_name, received_at, modified_at
        having bool_and(coalesce(seconds < ? or memory_mb < ?, false))
        order by received_at, file_name
        """,
        [settings.reader_timeout_s, settings.reader_memory_mb],
    ).fetchall()
    return [
        Request(
            vault_path(settings.vault, sha256), sha256, size, name, received_at, settings.codelists, folder,
            tuple(ids), modified_at,
        )
        for sha256, size, name, received_at, modified_at, ids in rows
    ]  # fmt: skip
