"""Seconds that the chain of the ledger takes, on landed rows of seizures: ``tests/benchmarks/chain.py [ROWS]``.

A submission has 500 rows; every cell of a row is filled.
"""

import sys
import tempfile
import time
from pathlib import Path

from warehouse.ledger.chain import append_entries, create_chain
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.safekeeping.chain_check import compare_chain
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


def main() -> None:
    """Fill a temporary warehouse; print what it takes to chain all of it, one more submission, and to check it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    questionnaire = load_questionnaire()
    cells = ", ".join(f"'text of ' || i as {field.name}" for field in questionnaire.table("seizures").fields)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        with open_database(settings) as connection:
            create_tables(connection, questionnaire)
            connection.execute(
                f"insert into raw.seizures by name select 'S' || (i // 500) as submission_id, '' as sheet, "
                f"i % 500 + 2 as source_row, {cells} from range(?) as numbers (i)",
                [count],
            )
            connection.execute(
                "insert into raw.submissions by name select distinct submission_id, '' as sha256, '' as file_name, "
                "0 as byte_count, timestamp '2024-06-03 08:00' as received_at from raw.seizures"
            )
            started = time.perf_counter()
            connection.execute("drop table raw.chain")
            create_chain(connection)
            print(f"chain of {count} rows: {time.perf_counter() - started:.1f} s")
            started = time.perf_counter()
            append_entries(connection, "submission", ["S0"])
            print(f"entry of one submission: {time.perf_counter() - started:.2f} s")
            connection.execute("delete from raw.chain where position = (select max(position) from raw.chain)")
            started = time.perf_counter()
            problems = list(compare_chain(connection, settings))
            print(f"check: {time.perf_counter() - started:.1f} s, {len(problems)} problems")


if __name__ == "__main__":
    main()
