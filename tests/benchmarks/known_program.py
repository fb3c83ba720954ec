"""What an intruder who knows this program finds: ``tests/benchmarks/known_program.py [WIDTH]``, run by `make bench`.

Of small tables drawn by chance, all tables that agree with what is shown are tried; those remain from which the program
would have made the same edition. Prints how many values remain for a suppressed count, and what they tell. WIDTH is the
least distance between two values that suppression leaves to a count, otherwise that of the program.
"""

import sys
from collections import Counter
from dataclasses import replace

import numpy as np
from made_tables import draw_table
from tried_tables import possible_values

from warehouse.disclosure.suppression import THRESHOLD, WIDTH, suppress

# Shape, and how many tables of it in which something is suppressed.
SIZES = (((2, 2), 80), ((2, 3), 60))
MOST_TABLES = 1200


def report(shape: tuple[int, ...], count: int, width: int) -> None:
    """Print what remains for the suppressed counts of some tables of one shape."""
    chance = np.random.default_rng(1)
    tried, left_out = 0, 0
    pairs: list[tuple[int, set[int], set[int]]] = []
    while tried + left_out < count:
        table = draw_table(chance, shape)
        counts = replace(table, width=np.full(len(table.values), width))
        hidden = suppress(counts)
        if not hidden.any():
            continue
        found = possible_values(counts, hidden, MOST_TABLES)
        tried, left_out = tried + (found is not None), left_out + (found is None)
        pairs += [(int(counts.values[place]), *values) for place, values in (found or {}).items()]
    sizes = Counter(len(made) for _, _, made in pairs)
    small = [made for value, _, made in pairs if 0 < value < THRESHOLD]
    print(f"{shape}, width {width}: {tried} tables tried, {left_out} with more than {MOST_TABLES} that agree")
    print(f"  {len(pairs)} suppressed counts, {sizes[1]} known exactly; the least values that remain: {min(sizes)} for "
          f"{sizes[min(sizes)]}, by the sums alone {min(len(summed) for _, summed, _ in pairs)}")  # fmt: skip
    print(f"  {sum(max(made) < THRESHOLD for made in small)} of {len(small)} small counts are known to be small")
    print("  values that remain: " + ", ".join(f"{size} ({sizes[size]})" for size in sorted(sizes)))


def main() -> None:
    """Report on each shape."""
    width = int(sys.argv[1]) if len(sys.argv) > 1 else WIDTH
    for shape, count in SIZES:
        report(shape, count, width)


if __name__ == "__main__":
    main()
