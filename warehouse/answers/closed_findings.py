"""Closed findings: what replies confirm, and which proposals a submission has followed."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import duckdb


class Confirmation(NamedTuple):
    """The reply that confirms a warning: the submission that it came with, and the finding that it names."""

    submission_id: str
    reply_reference: str


class Acceptance(NamedTuple):
    """A proposal that was accepted: the finding of this submission that it closes, if there is one, and its reply."""

    reference: str | None
    proposal_reference: str
    reply_submission_id: str | None


def read_confirmed(
    connection: duckdb.DuckDBPyConnection, submission_id: str, decided_at: datetime
) -> Mapping[str, Confirmation]:
    """Return reference → the reply, of the findings of a decision that are confirmed."""
    rows = connection.execute(
        "select reference, reply_submission_id, reply_reference from raw.confirmations "
        "where submission_id = ? and decided_at = ?",
        [submission_id, decided_at],
    ).fetchall()
    return {reference: Confirmation(*reply) for reference, *reply in rows}


def read_accepted(connection: duckdb.DuckDBPyConnection, submission_id: str, decided_at: datetime) -> list[Acceptance]:
    """Return the proposals that a submission has followed, as its decision of this time recorded them."""
    rows = connection.execute(
        "select reference, proposal_reference, reply_submission_id from raw.acceptances "
        "where submission_id = ? and decided_at = ? order by rowid",
        [submission_id, decided_at],
    ).fetchall()
    return [Acceptance(*row) for row in rows]
