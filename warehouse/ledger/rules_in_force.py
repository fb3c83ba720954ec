"""The rules in force: their version, the waivers that are valid on a day, and what waits for a decision by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.ledger.in_force import ABOUT_FILE, REPLACED, last_decisions
from warehouse.ledger.waivers import Waiver, digest, waivers_of
from warehouse.questionnaire.definition import Questionnaire
from warehouse.storage.database import replace_table, replace_view


@dataclass(frozen=True)
class InForce:
    """What decides on a day: the version of the rules, and the waivers that are valid on it."""

    version: str
    waivers: Sequence[Waiver] = ()

    def versions(self, connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
        """Return submission_id → version; that of its waivers is behind that of the rules, where it has any.

        It changes when a waiver of the submission begins, ends or is edited, and then that alone is decided anew.
        """
        own = waivers_of(connection, self.waivers)
        names = connection.execute(
            f"select submission_id from raw.submissions where submission_id not in ({REPLACED}) order by 1"
        ).fetchall()
        return {name: self.version + (f"+{digest(own[name])}" if name in own else "") for (name,) in names}


def waiting(connection: duckdb.DuckDBPyConnection, rules: InForce) -> list[str]:
    """Return the ids of submissions on which it was not these rules and waivers that decided last."""
    decided = dict(connection.execute(f"select submission_id, rules_version from ({last_decisions()})").fetchall())
    return [name for name, version in rules.versions(connection).items() if decided.get(name) != version]


def open_batch(connection: duckdb.DuckDBPyConnection, questionnaire: Questionnaire, rules: InForce) -> list[str]:
    """Collect the submissions that wait for a decision by these rules and waivers; returns their ids.

    ``audit.<table>`` are views of their staged rows. A file that was refused when it was read has no rows there, nor
    has a table of which its reader found an error: that finding is enough.
    """
    names = list_pending(connection, rules)
    for table in questionnaire.tables:
        replace_view(
            connection,
            "audit",
            table.name,
            f"""
            select * from staging."stg_{table.name}"
            where submission_id in (select submission_id from audit.pending where not is_refused)
                and submission_id not in (
                    select submission_id from raw.findings
                    where decided_at is null and severity = 'error' and table_name = '{table.name}'
                )
            """,
        )
    return names


def list_pending(connection: duckdb.DuckDBPyConnection, rules: InForce) -> list[str]:
    """List in ``audit.pending`` the submissions that wait, and whether the reader refused the file; returns their ids.

    A reader's error about one table (warehouse.ledger.in_force.ABOUT_FILE) refuses no file.
    """
    names = waiting(connection, rules)
    connection.execute("create schema if not exists audit")
    replace_table(
        connection,
        "audit",
        "pending",
        """
        as select submission_id, submission_id in (
            select submission_id from raw.findings
            where decided_at is null and severity = 'error'
                and (table_name is null or rule in (select unnest(?::varchar[])))
        ) as is_refused
        from raw.submissions
        where submission_id in (select unnest(?::varchar[]))
        """,
        [list(ABOUT_FILE), names],
    )
    return names
