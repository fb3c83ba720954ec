"""Seconds that gate 1 takes for a batch of staged seizures: ``tests/benchmarks/gate.py [ROWS]``, run by `make bench`.

One row in a thousand has an unknown hiding place (a warning), and one in ten thousand a date outside its month.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from test_submission_suites import QUESTIONNAIRE, SEEDS, columns_of

from expectations.gate.run import check
from expectations.submissions.suites import submission_suites
from warehouse.ledger.raw import create_tables
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

ROWS = """
insert into audit.seizures by name
select
    'S' || (i // 500) as submission_id, '' as sheet, i % 500 + 2 as source_row, 'TKM' as country_code,
    date '2024-05-01' as reporting_month, date '2024-05-01' + cast(i % 31 as integer) as day,
    if(i % 10000 = 0, date '2024-04-30', day) as seizure_date, cast(seizure_date as varchar) as seizure_date_text,
    'Mary ' || (i % 97) as place, 'HEROIN' as drug_code, 'Heroin' as drug_text, 1 + i % 900 as quantity,
    cast(1 + i % 900 as varchar) as quantity_text, 'G' as unit_code, 'g' as unit_text, quantity / 1000 as quantity_kg,
    quantity_kg as equivalent_kg, 'ROAD' as installation_code, 'Road' as installation_text, 'Body' as hiding_place_text,
    if(i % 1000 = 0, null, 'BODY') as hiding_place_code, 'TM-M' as admin_division_code, 'Mary' as admin_division_text,
    'note ' || i as notes
from range(?) as numbers (i)
"""


def main() -> None:
    """Fill a temporary warehouse, run the gate twice and print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        with open_database(settings) as connection:
            create_tables(connection, QUESTIONNAIRE)
            connection.execute(SEEDS)
            connection.execute(f"create table seeds.countries as from '{settings.codelists}/codelists/countries.csv'")
            connection.execute("create schema audit")
            columns = {"day": "date", **columns_of(QUESTIONNAIRE.table("seizures"))}
            described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table audit.seizures ({described})")
            connection.execute(ROWS, [count])
            connection.execute(
                "insert into raw.submissions by name select distinct submission_id, '' as sha256, '' as file_name, "
                "0 as byte_count, timestamp '2024-06-03 08:00' as received_at from audit.seizures"
            )
        started = time.perf_counter()
        suites = submission_suites(QUESTIONNAIRE)
        print(f"import and suites: {time.perf_counter() - started:.1f} s")
        findings = []
        for attempt in ("first", "second"):
            started = time.perf_counter()
            findings = check(settings, "audit", suites, settings.gates)
            print(f"{attempt} run over {count} rows: {time.perf_counter() - started:.1f} s")
        print(dict(Counter(finding.rule for finding in findings)))


if __name__ == "__main__":
    main()
