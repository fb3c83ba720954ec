"""Rules: each one check of one table, with the severity and the message of its findings. Suites consist of rules."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from warehouse.findings.finding import Severity
from warehouse.storage.sql import literal
from warehouse.words.catalogue import Argument

ROW_KEYS = ("submission_id", "sheet", "source_row")


@dataclass(frozen=True)
class Failing:
    """The rows that fail a rule, in SQL.

    ``query`` returns all of them; ``{batch}`` in it stands for the table. ``condition`` says the same of one row, where
    that can be said from the row alone: all such rules of a table are counted in one scan. ``checked`` is the condition
    for the rows that the rule looks at.

    ``suspects`` is a condition, of one row, that all failing rows satisfy. Where no row does, the query is not run: to
    plan one takes longer than to look for suspects in that scan, and most rules have none in most tables.
    """

    query: str
    condition: str | None = None
    checked: str = "true"
    suspects: str | None = None


@dataclass(frozen=True)
class Rule:
    """One check as a plain value.

    ``message`` is a template of the catalogue: ``{value}`` stands for the text as sent, any other placeholder for one
    of ``constants`` or a column of the failing row. Of a column that ends as ``drug_code`` or ``country_code`` do, the
    reader sees the label of the code in their language. ``field`` is what the finding is about, ``value`` the column
    with the text as sent. A value similar to a spelling of ``codelist`` gets a suggestion, for which the table must
    have a ``country_code``.
    """

    name: str
    severity: Severity
    message: str
    field: str | None = None
    value: str | None = None
    _: dataclasses.KW_ONLY
    failing: Failing
    constants: Mapping[str, Argument] = dataclasses.field(default_factory=dict)
    codelist: str | None = None


@dataclass(frozen=True)
class Suite:
    """The rules of one table; ``keys`` are the columns that identify a row.

    If the table ``may_be_absent``, it is skipped when absent or empty; otherwise its absence is a finding.
    """

    table: str
    keys: tuple[str, ...]
    rules: tuple[Rule, ...]
    may_be_absent: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for two rules with the same name and field: their verdicts could not be distinguished."""
        names = [(rule.name, rule.field) for rule in self.rules]
        if repeated := sorted({str(name) for name in names if names.count(name) > 1}):
            raise ValueError(f"suite {self.table}: rules stand twice: {', '.join(repeated)}")


def query(sql: str, *, suspects: str | None = None) -> Failing:
    """Return the rows of an SQL query as failing; ``{batch}`` stands for the table."""
    return Failing(sql, suspects=suspects)


def rows_where(
    condition: str,
    *,
    joins: str = "",
    columns: Sequence[str] = (),
    checked: str = "true",
    suspects: str | None = None,
) -> Failing:
    """Return every row of the table that satisfies ``condition``, in SQL, as failing.

    In the SQL the table is called ``sent``; ``columns`` are further SQL columns for the message.
    """
    selected = ", ".join(["sent.*", *columns])
    rows = f"with sent as (select * from {{batch}}) select {selected} from sent {joins} where {condition}"
    return Failing(rows, None if joins else condition, checked, suspects)


def empty(column: str, given: str | None = None) -> Failing:
    """Return the rows without a value in ``column`` as failing, of those with one in the column ``given``."""
    if given is None:
        return rows_where(f"{column} is null")
    return rows_where(f"{column} is null and {given} is not null", checked=f"{given} is not null")


def not_among(column: str, values: Collection[str]) -> Failing:
    """Return the rows with a value in ``column`` that is none of ``values`` as failing."""
    return rows_where(f"{column} not in ({', '.join(map(literal, values))})", checked=f"{column} is not null")
