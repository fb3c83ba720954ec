"""What the ledger of a warehouse says in the end, for comparison with what was sent and with other runs."""

from pathlib import Path

from faults.world import describe_ledger

from crowds.watch import run
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


def count_rows(home: Path) -> dict[str, int]:
    """Return submissions by outcome, and their rows: received, accepted, quarantined."""
    with open_database(Settings(home=home)) as connection:
        outcomes = dict(connection.execute("select outcome, count(*) from raw.decisions group by all").fetchall())
        rows = connection.execute(
            "select sum(received_count)::bigint, sum(accepted_count)::bigint, sum(quarantined_count)::bigint "
            "from raw.decisions"
        ).fetchone()
    return outcomes | dict(zip(("received", "accepted rows", "quarantined"), rows or (), strict=True))


def differing(home: Path, other: Path) -> list[str]:
    """Return the tables and answers in which two warehouses differ, times aside."""
    one, two = describe_ledger(Settings(home=home)), describe_ledger(Settings(home=other))
    return sorted(key for key in {*one, *two} if key != "reconcile" and one.get(key) != two.get(key))


def reconciles(home: Path) -> bool:
    """Ask `sarai reconcile` itself."""
    return run(home, "reconcile").status == 0
