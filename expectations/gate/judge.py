"""Great Expectations as the judge of a gate: it is shown the table of verdicts, one row for each rule."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from expectations.gate.late_imports import imported_when_used
from expectations.gate.verdicts import GateError, Verdict

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch

# Charts and distributions, which no expectation here draws or compares: a fifth of the time of the import.
_OF_OTHER_EXPECTATIONS = ("altair", "scipy.stats")
_KEY = ["table_name", "rule", "field"]


def judge(verdicts: Sequence[Verdict], rules_count: int) -> list[bool]:
    """Return for each verdict whether its rule fails.

    Every one of the ``rules_count`` rules must have exactly one verdict with a count: raises GateError if a rule was
    passed over, counted twice or not counted.
    """
    if not rules_count:
        return []
    import pandas as pd

    frame = pd.DataFrame(
        {
            "table_name": [verdict.suite.table for verdict in verdicts],
            "rule": [verdict.rule.name for verdict in verdicts],
            "field": [verdict.rule.field or "" for verdict in verdicts],
            "severity": [verdict.rule.severity for verdict in verdicts],
            "failing_count": [verdict.failing_count for verdict in verdicts],
        }
    )
    validated = _show(frame).validate(_suite(rules_count), result_format={"result_format": "COMPLETE"})
    failing = _failing(validated)
    return [number in failing for number in range(len(verdicts))]


def _suite(rules_count: int) -> "ExpectationSuite":
    """Return the suite of the table of verdicts; the meta of an expectation says whether it judges data or us."""
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.core import (
        ExpectColumnValuesToBeBetween,
        ExpectColumnValuesToNotBeNull,
        ExpectCompoundColumnsToBeUnique,
        ExpectTableRowCountToEqual,
    )
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.row_conditions import Column

    ours = {"judges": "ourselves"}
    complete = [
        ExpectTableRowCountToEqual(value=rules_count, meta=ours),
        ExpectCompoundColumnsToBeUnique(column_list=_KEY, meta=ours),
        ExpectColumnValuesToNotBeNull(column="failing_count", meta=ours),
    ]
    of_data = [
        ExpectColumnValuesToBeBetween(
            column="failing_count",
            min_value=0,
            max_value=0,
            row_condition=Column("severity") == severity,
            meta={"judges": "data"},
            severity=kind,
        )
        for severity, kind in (("error", FailureSeverity.CRITICAL), ("warning", FailureSeverity.WARNING))
    ]
    return ExpectationSuite(name="verdicts", expectations=[*complete, *of_data])


def _show(frame: "pd.DataFrame") -> "Batch":
    """Show a table to Great Expectations, which keeps everything in memory and sends no usage statistics."""
    with imported_when_used(*_OF_OTHER_EXPECTATIONS):
        import great_expectations
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = great_expectations.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
    asset = context.data_sources.add_pandas("gate").add_dataframe_asset("verdicts")
    return asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})


def _failing(validated: "ExpectationSuiteValidationResult") -> set[int]:
    """Return the row numbers of verdicts that fail; raises GateError when the table of verdicts itself is wrong."""
    failing: set[int] = set()
    for result in validated.results:
        config = result.expectation_config
        if result.success:
            continue
        rows = result.result.get("unexpected_index_list")
        if config is None or (config.meta or {}).get("judges") != "data" or not rows:
            raise GateError(f"the verdicts are not those of all rules: {result}")
        failing |= set(rows)
    return failing
