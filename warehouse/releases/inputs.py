"""What a release is made of, as one digest: while that is the same, the next release would say the same."""

import hashlib
from datetime import date

import duckdb

from warehouse.ledger.chain import create_chain
from warehouse.storage.settings import Settings
from warehouse.storage.sources import sources_version
from warehouse.transform.kept_rates import read_kept_rates

# Entries of the ledger that no mart is made of.
_NO_INPUTS = ["answer", "copy", "marts", "release"]


def digest_inputs(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> str:
    """Return a sha256 (hex) of the entries of the ledger that marts are made of, our sources, kept rates, and the year.

    Raises RateError for a wrong file of exchange rates. The public edition shows whole years only once they are over.
    """
    create_chain(connection)
    entries = connection.execute(
        "select kind, entry_key, entry from raw.chain where not list_contains(?, kind) order by position", [_NO_INPUTS]
    ).fetchall()
    digest = hashlib.sha256(f"{sources_version(settings.dbt_project)} {today.year}\n".encode())
    digest.update(f"{read_kept_rates(settings)}\n".encode())
    for entry in entries:
        digest.update("\0".join(entry).encode() + b"\n")
    return digest.hexdigest()
