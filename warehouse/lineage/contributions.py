"""Contributions: which figures of a mart are sums over facts, and what each changed row adds to them, exactly.

Sums are taken in decimals as they are printed (0.1 is one tenth), without any rounding, so that the parts of a change
add up to it to the last digit. The published figure is a sum of binary doubles; what that differs from the sum of the
parts is a part of its own, called rounding.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Literal

import duckdb

from warehouse.lineage.causes import Cause
from warehouse.lineage.fact_keys import Key, Row, SharedKeys, join_condition, key_of, shared_keys
from warehouse.lineage.release_pair import AFTER, BEFORE, MartTable
from warehouse.storage.sql import identifier

# Doubles lie between 1e-324 and 1e309: that many digits hold any sum of them. A digit too few is an error, never lost.
_EXACT = Context(prec=700, traps=[Inexact, InvalidOperation])
_TOLERANCE = Decimal("1e-9")
# Measures that are sums by their names, also of one side of a mirror (a, b) and without presumed duplicates.
_ADDITIVE = re.compile(r".*_(kg|litres|count)(_[ab]|_without_duplicates)?")


@dataclass(frozen=True)
class RowChange:
    """A row that one release has and the other has not, or has otherwise; never None on both sides."""

    before: Row | None
    after: Row | None
    cause: Cause


@dataclass(frozen=True)
class SumRule:
    """A figure is the sum of ``column`` over ``facts`` with the same ``keys``, or the number of rows where it is known.

    ``keys`` maps each key column of the mart to the one of the facts; no column means that every row counts.
    """

    facts: MartTable
    keys: SharedKeys
    kind: Literal["sum", "count"]
    column: str | None

    @property
    def sql(self) -> str:
        """The aggregate over the alias ``facts``."""
        column = f"facts.{identifier(self.column)}" if self.column else "*"
        return f"{self.kind}({column})"

    def amount(self, row: Row | None) -> Decimal:
        """Return what the row adds to the figure."""
        if row is None or (self.column and row[self.column] is None):
            return Decimal(0)
        return exact(row[self.column]) if self.kind == "sum" and self.column else Decimal(1)


def exact(value: float | Decimal | None) -> Decimal:
    """Return the number as it is printed; nothing is zero, as a sum of nothing is."""
    return Decimal(0) if value is None else Decimal(repr(value) if isinstance(value, float) else str(value))


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum without rounding."""
    result = Decimal(0)
    for amount in amounts:
        result = _EXACT.add(result, amount)
    return result


def difference(before: float | Decimal | None, after: float | Decimal | None) -> Decimal:
    """Return by how much a number has grown, without rounding."""
    return _EXACT.subtract(exact(after), exact(before))


def is_additive(measure: str) -> bool:
    """Return whether a measure is a sum over rows, by its name."""
    return _ADDITIVE.fullmatch(measure) is not None


def find_rules(
    connection: duckdb.DuckDBPyConnection, mart: MartTable, measures: Iterable[str], facts: Collection[MartTable]
) -> dict[str, SumRule]:
    """Return measure → how it follows from facts, of those measures of the mart that are sums.

    The names say it: a quantity has the same name in facts and marts, seizures_count counts the rows of fct_seizures,
    known_quantity_count those with a quantity. That it is so is then counted over both releases.
    """
    candidates = [(measure, rule) for measure in measures for rule in _candidates(mart.key, measure, facts)]
    by_facts: dict[str, list[tuple[str, SumRule]]] = defaultdict(list)
    for measure, rule in candidates:
        by_facts[rule.facts.name].append((measure, rule))
    holding = [pair for pairs in by_facts.values() for pair in _holding(connection, mart.name, pairs)]
    found: dict[str, SumRule] = {}
    for measure, rule in candidates:
        if measure not in found and (measure, rule) in holding:
            found[measure] = rule
    return found


def _candidates(key: Sequence[str], measure: str, facts: Collection[MartTable]) -> list[SumRule]:
    rules: list[SumRule] = []
    for table in facts:
        keys = shared_keys(key, table.columns)
        known = measure.removeprefix("known_").removesuffix("_count")
        if len(keys) < len(key):
            continue
        if measure == f"{table.name.removeprefix('fct_')}_count":
            rules.insert(0, SumRule(table, keys, "count", None))
        elif measure == f"known_{known}_count" and known in table.columns:
            rules.append(SumRule(table, keys, "count", known))
        # A count may have the name of its table: pieces of equipment are no rows.
        if is_additive(measure) and measure in table.columns:
            rules.append(SumRule(table, keys, "sum", measure))
    return rules


def _holding(
    connection: duckdb.DuckDBPyConnection, mart: str, pairs: Sequence[tuple[str, SumRule]]
) -> Sequence[tuple[str, SumRule]]:
    """Return those of the measures and rules, all over the same facts, by which both releases add up."""
    for schema in (BEFORE, AFTER):
        if pairs:
            counts = _count_differing(connection, schema, mart, pairs)
            pairs = [pair for pair, count in zip(pairs, counts, strict=True) if not count]
    return pairs


def _count_differing(
    connection: duckdb.DuckDBPyConnection, schema: str, mart: str, pairs: Sequence[tuple[str, SumRule]]
) -> tuple[int, ...]:
    """Return for each of them in how many rows of the mart the measure is another; one query joins the facts once."""
    _, rule = pairs[0]
    grouped = ", ".join(f"mart.{identifier(name)}" for name, _ in rule.keys)
    figures = ", ".join(
        f"coalesce(any_value(mart.{identifier(measure)}), 0) as published{n}, "
        f"coalesce({rule.sql} filter (facts.is_there), 0) as counted{n}"
        for n, (measure, rule) in enumerate(pairs)
    )
    counts = ", ".join(
        f"count_if(abs(published{n} - counted{n}) > {_TOLERANCE} * greatest(abs(published{n}), abs(counted{n})))"
        for n in range(len(pairs))
    )
    rows = connection.execute(
        f"""
        select {counts} from (
            select {figures} from {identifier(schema)}.{identifier(mart)} as mart
                left join (select *, true as is_there from {rule.facts.source(schema)}) as facts
                    on {join_condition(rule.keys)}
            group by {grouped}
        )
        """
    ).fetchall()
    counted: tuple[int, ...] = rows[0]
    return counted


def contributions(rule: SumRule, changes: Iterable[RowChange]) -> dict[Key, dict[Cause, Decimal]]:
    """Return, for each figure, what every cause adds to it; a row that moves leaves one figure and enters another."""
    parts: dict[Key, dict[Cause, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for change in changes:
        if change.before is not None:
            found = parts[key_of(rule.keys, change.before)]
            found[change.cause] = _EXACT.subtract(found[change.cause], rule.amount(change.before))
        if change.after is not None:
            found = parts[key_of(rule.keys, change.after)]
            found[change.cause] = _EXACT.add(found[change.cause], rule.amount(change.after))
    return parts


def attribute(before: float | None, after: float | None, parts: Mapping[Cause, Decimal]) -> dict[Cause, Decimal]:
    """Return the parts of the change from ``before`` to ``after``, largest first; they add up to it exactly.

    What the rows leave over is rounding, or, above a billionth of the figures, not explained.
    """
    found = {cause: amount for cause, amount in parts.items() if amount}
    left = _EXACT.subtract(difference(before, after), total(found.values()))
    if left:
        size = max(abs(amount) for amount in (exact(before), exact(after), *found.values()))
        found[Cause("rounding" if abs(left) <= _TOLERANCE * size else "unexplained")] = left
    return dict(sorted(found.items(), key=lambda part: (-abs(part[1]), part[0])))
