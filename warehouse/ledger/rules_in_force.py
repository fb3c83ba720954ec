"""The rules in force: their version, and the waivers that are valid on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.ledger.in_force import REPLACED
from warehouse.ledger.waivers import Waiver, digest, waivers_of


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
