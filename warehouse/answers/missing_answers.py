"""Missing answers: what was decided and not answered yet, just now or by a run that was killed, is answered."""

from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.answers.assembly import read_answers
from warehouse.answers.feedback import remove_replaced, write_answers, write_copies, write_schema
from warehouse.answers.writer_processes import Unanswered, is_long, write_in_processes
from warehouse.ledger.chain import append_entries, dated
from warehouse.ledger.clock import now
from warehouse.storage.database import close_kept, open_database, transaction
from warehouse.storage.settings import Settings


def write_missing(settings: Settings) -> list[Path]:
    """Write the feedback to every decision that has none; returns its folders.

    The database is opened once, or, where processes write, closed while they do.
    """
    folders = []
    with open_database(settings) as connection:
        batches = unanswered(connection)
        if not is_long(batches, settings):
            for batch in batches:
                folders += write_answers(connection, read_answers(connection, batch.decided_at), settings)
                note_answered(connection, batch.decided_at, now())
            _write_others(connection, settings, has_new=bool(folders))
            return folders
    for batch in batches:
        close_kept(settings)
        folders += write_in_processes(batch, settings)
        with open_database(settings) as connection:
            note_answered(connection, batch.decided_at, now())
    with open_database(settings) as connection:
        _write_others(connection, settings, has_new=bool(folders))
    return folders


def _write_others(connection: duckdb.DuckDBPyConnection, settings: Settings, *, has_new: bool) -> None:
    if has_new:
        write_schema(settings)
    remove_replaced(connection, settings)
    write_copies(connection, settings)


def unanswered(connection: duckdb.DuckDBPyConnection) -> list[Unanswered]:
    """Return the decisions whose answers are not all written, those taken first at the beginning."""
    rows = connection.execute(
        """
        select decided_at, map(list(submission_id), list(file_name)), sum(received_count)::bigint
        from raw.decisions
        inner join (select submission_id, file_name from raw.submissions) using (submission_id)
        anti join raw.answers using (decided_at)
        group by decided_at
        order by decided_at
        """
    ).fetchall()
    return [Unanswered(*row) for row in rows]


def note_answered(connection: duckdb.DuckDBPyConnection, decided_at: datetime, answered_at: datetime) -> None:
    """Note that the answers to the decisions of this time are written."""
    with transaction(connection):
        connection.execute("insert into raw.answers (decided_at, answered_at) values (?, ?)", [decided_at, answered_at])
        append_entries(connection, "answer", [dated(decided_at)])
