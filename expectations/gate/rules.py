"""Rules: each one check of one table, with the severity and the message of its findings. Suites consist of rules."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from warehouse.findings.finding import Severity
from warehouse.words.catalogue import Argument

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.expectation import Expectation

    Suite: TypeAlias = ExpectationSuite

ROW_KEYS = ("submission_id", "sheet", "source_row")


@dataclass(frozen=True)
class Rule:
    """One check as a plain value.

    ``message`` is a template of the catalogue: ``{value}`` stands for the text as sent, any other placeholder for one
    of ``constants`` or a column of the failing row. ``field`` is what the finding is about, ``value`` the column with
    the text as sent. ``expectation`` names a class of Great Expectations and ``arguments`` its parameters; rows where
    the column ``given`` is null are not checked. A value similar to a spelling of ``codelist`` gets a suggestion, for
    which the table must have a ``country_code``.
    """

    name: str
    severity: Severity
    message: str
    field: str | None = None
    value: str | None = None
    expectation: str = "UnexpectedRowsExpectation"
    arguments: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    given: str | None = None
    constants: Mapping[str, Argument] = dataclasses.field(default_factory=dict)
    codelist: str | None = None

    def as_expectation(self) -> "Expectation":
        """Return the rule as an expectation whose ``meta`` holds everything that a finding needs."""
        from great_expectations import expectations
        from great_expectations.expectations.row_conditions import Column

        keywords = dict(self.arguments)
        if self.given:
            keywords["row_condition"] = Column(self.given).is_not_null()
        meta = {
            "rule": self.name,
            "severity": self.severity,
            "message": self.message,
            "field": self.field,
            "value": self.value,
            "given": self.given,
            "constants": self.constants,
            "codelist": self.codelist,
        }
        expectation: Expectation = getattr(expectations, self.expectation)(**keywords, meta=meta)
        return expectation


def rows_where(condition: str, *, joins: str = "", columns: Sequence[str] = ()) -> dict[str, Any]:
    """Return the arguments of a rule that fails for every row of the table that satisfies ``condition``, in SQL.

    In the SQL the table is called ``sent``; ``columns`` are further SQL columns for the message. Braces are doubled, as
    in a format string.
    """
    selected = ", ".join(["sent.*", *columns])
    return query(f"with sent as (select * from {{batch}}) select {selected} from sent {joins} where {condition}")


def query(sql: str) -> dict[str, Any]:
    """Return the arguments of a rule that fails for every row of an SQL query; ``{batch}`` stands for the table."""
    return {"unexpected_rows_query": sql}


def make_suite(table: str, keys: Sequence[str], rules: Sequence[Rule], *, may_be_absent: bool = False) -> "Suite":
    """Return the suite of a table; ``keys`` are the columns that identify a row.

    If the table ``may_be_absent``, it is skipped when absent or empty; otherwise its absence is a finding. Raises
    ValueError for two rules with the same name and field, because their results could not be distinguished.
    """
    from great_expectations import ExpectationSuite

    names = [(rule.name, rule.field) for rule in rules]
    repeated = sorted({str(name) for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"suite {table}: rules stand twice: {', '.join(repeated)}")
    return ExpectationSuite(
        name=table,
        expectations=[rule.as_expectation() for rule in rules],
        meta={"keys": list(keys), "may_be_absent": may_be_absent},
    )
