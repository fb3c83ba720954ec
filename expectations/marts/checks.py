"""What gate 2 checks of one mart, as one value; its rules are derived from it and from the key of its contract."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from expectations.gate.rules import Failing, Rule, empty, not_among, query, rows_where
from expectations.marts.recount import rows_rule
from expectations.marts.totals import Totals, totals_rule
from warehouse.words.catalogue import N_, Argument

_EMPTY = N_("{column} is empty. Nothing is published; the model that makes this table has to be corrected.")
_REPEATED = N_(
    "{rows_count} rows have this key. Nothing is published; the model that makes this table has to be corrected."
)
_TOO_SMALL = N_(
    "{column} is {value}, less than {least}. Nothing is published; the model that makes this table has to be corrected."
)
_OUT_OF_RANGE = N_(
    "{column} is {value}, less than {least} or more than {most}. Nothing is published; the model that makes this table "
    "has to be corrected."
)
_DISORDERED = N_(
    "{smaller_column} ({smaller}) is above {larger_column} ({larger}). Nothing is published; the model that makes this "
    "table has to be corrected."
)
_CODE_UNKNOWN = N_('"{value}" has no label. Nothing is published; the model that makes this table has to be corrected.')


@dataclass(frozen=True)
class MartChecks:
    """The checks of one mart beside those of its key.

    ``counts`` are filled in every row and at least the number given; ``measures`` are null or at least 0, ``shares``
    null or within 0 and 100; of each pair in ``ordered`` the first column is not above the second. ``rows_of`` names
    the table of the form whose accepted rows the mart holds one by one. ``rules`` belong to this mart alone.
    ``continuity`` are rules that compare it with the last release, ``by_month`` are
    rules about what was sent in one month; a waiver may name both.
    """

    mart: str
    counts: Mapping[str, int] = dataclasses.field(default_factory=dict)
    measures: Sequence[str] = ()
    shares: Sequence[str] = ()
    ordered: Sequence[tuple[str, str]] = ()
    totals: Totals | None = None
    rows_of: str | None = None
    rules: Sequence[Rule] = ()
    continuity: Sequence[Rule] = ()
    by_month: Sequence[Rule] = ()

    def all_rules(self, key: Sequence[str], as_of: date | None = None) -> list[Rule]:
        """Return every rule of the mart, those of its primary key ``key`` first.

        ``as_of`` is the day whose knowledge the mart shows, None for now: it is then compared with what was known at
        the end of that day, and not with the last release.
        """
        return [
            *_key_rules(key),
            *self._number_rules(),
            *self._order_rules(),
            *([totals_rule(self.totals, as_of)] if self.totals else ()),
            *([rows_rule(self.rows_of, as_of)] if self.rows_of else ()),
            *self.rules,
            *self.by_month,
            *(self.continuity if as_of is None else ()),
        ]

    def _number_rules(self) -> Iterator[Rule]:
        for column, least in self.counts.items():
            yield _filled_rule("count_missing", column)
            yield _between_rule("count_implausible", column, least)
        for column in self.measures:
            yield _between_rule("measure_negative", column, 0)
        for column in self.shares:
            yield _between_rule("share_implausible", column, 0, 100)

    def _order_rules(self) -> Iterator[Rule]:
        for smaller, larger in self.ordered:
            yield Rule(
                "columns_disordered", "error", _DISORDERED, smaller, smaller,
                failing=rows_where(f"{smaller} > {larger}", columns=[f"{smaller} as smaller", f"{larger} as larger"]),
                constants={"smaller_column": smaller, "larger_column": larger},
            )  # fmt: skip


def column_rule(name: str, column: str, message: str, failing: Failing, **constants: Argument) -> Rule:
    """Return a rule on the values of one column, which its message may name as ``{column}``."""
    named = {"column": column, **constants}
    return Rule(name, "error", message, column, column, failing=failing, constants=named)


def code_rule(name: str, column: str, codes: Sequence[str]) -> Rule:
    """Return the rule that a column holds none but these codes."""
    return Rule(name, "error", _CODE_UNKNOWN, column, column, failing=not_among(column, codes))


def _key_rules(key: Sequence[str]) -> Iterator[Rule]:
    for column in key:
        yield _filled_rule("key_missing", column)
    yield Rule(
        "key_repeated", "error", _REPEATED,
        failing=query(
            f"select {', '.join(key)}, count(*) as rows_count from {{batch}} group by all having count(*) > 1"
        ),
    )  # fmt: skip


def _filled_rule(name: str, column: str) -> Rule:
    return column_rule(name, column, _EMPTY, empty(column))


def _between_rule(name: str, column: str, least: int, most: int | None = None) -> Rule:
    message = _TOO_SMALL if most is None else _OUT_OF_RANGE
    outside = f"{column} < {least}" if most is None else f"{column} not between {least} and {most}"
    failing = rows_where(outside, checked=f"{column} is not null")
    return column_rule(name, column, message, failing, least=least, most=most)
