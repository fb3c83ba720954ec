"""Disclosure control at real size: ``tests/benchmarks/disclosure.py [YEARS]``, run by `make bench`.

Invented persons of five states, six offences and three stages of a case in YEARS times twelve months. Prints how long
suppression, attack and certificate take, which share of the counts is hidden, and what the attack recovers with
complementary suppression and without.
"""

import sys
import time
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
from made_persons import draw_rows, write_persons

from warehouse.disclosure.attack import Booleans, Published, find_ranges
from warehouse.disclosure.certificate import write_certificate
from warehouse.disclosure.joint_editions import JointSystem, PublicEdition, join_editions
from warehouse.disclosure.person_counts import WHOLE_YEAR, CountKey, PersonCounts, read_counts
from warehouse.disclosure.suppression import KNOWN_WITHIN, THRESHOLD, protection_levels, suppress

FIRST_YEAR = 2014
MEANS = (0.5, 3, 10)


def count_persons(years: int, mean: float) -> PersonCounts:
    """Return the counts of invented persons; ``mean`` a month in a middling offence of a middling country."""
    chance = np.random.default_rng(1)
    span = range(FIRST_YEAR, FIRST_YEAR + years)
    rows = draw_rows(chance, span, countries=5, months=12, offences=6, mean=mean)
    with duckdb.connect() as connection:
        write_persons(connection, "persons", rows)
        return read_counts(connection, "persons")


def recover(joint: JointSystem, hidden: Booleans) -> int:
    """Attack and return how many hidden counts are recovered."""
    counts = joint.counts
    published = Published(counts.equations, counts.values, ~hidden, counts.least, counts.values + KNOWN_WITHIN)
    asked = protection_levels(counts).subset(np.flatnonzero(hidden), np.arange(len(hidden)))
    ranges = find_ranges(published, asked)
    return int((ranges.lowest == ranges.highest).sum())


def kind_of(key: CountKey) -> str:
    """Return what sort of count it is."""
    if key.month_number != WHOLE_YEAR:
        return "months"
    if key.characteristic_name != "all":
        return "characteristics"
    return "offences" if key.offence_code != "TOTAL" else "years"


def report(years: int, mean: float) -> None:
    """Print times and shares for one size of the counts."""
    counted = count_persons(years, mean)
    joint = join_editions(counted, [])
    started = time.perf_counter()
    hidden = suppress(joint.counts)
    suppressed = time.perf_counter()
    recovered = recover(joint, hidden)
    attacked = time.perf_counter()
    with TemporaryDirectory() as folder:
        edition = PublicEdition(counted, frozenset(key for key, _ in compress(joint.states, hidden)))
        write_certificate(Path(folder), edition, [])
    certified = time.perf_counter()
    alone = joint.counts.is_hidden
    values = joint.counts.values
    print(f"mean {mean}: {len(values)} counts of {12 * years} months, {(alone & (values < THRESHOLD)).sum()} small; "
          f"suppression {suppressed - started:.1f} s, attack {attacked - suppressed:.1f} s, certificate "
          f"{certified - attacked:.1f} s")  # fmt: skip
    for kind in ("years", "months", "offences", "characteristics"):
        members = np.array([kind_of(key) == kind for key, _ in joint.states])
        print(f"  {kind:16} {members.sum():6} of which hidden {100 * (members & hidden).sum() / members.sum():5.1f} %")
    print(f"  recovered: {recovered} of {hidden.sum()} hidden; without complements {recover(joint, alone)} "
          f"of {alone.sum()}")  # fmt: skip


def main() -> None:
    """Report on small, middling and large counts."""
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for mean in MEANS:
        report(years, mean)


if __name__ == "__main__":
    main()
