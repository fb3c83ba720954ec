"""Signals and forecasts: what gate 2 expects of them, as tables and rules for expectations.marts.suites."""

from expectations.gate.rules import Rule, query, rows_where
from warehouse.words.catalogue import N_

_SERIES = ("country_code", "drug_code", "measure_name")
_OUTCOMES = (
    "FORECAST", "REPORTS_ENDED", "TOO_SHORT", "TOO_MANY_GAPS", "MOSTLY_ZERO", "NOT_BETTER", "BANDS_TOO_NARROW",
)  # fmt: skip
_SIGNALS = ("HIGH", "LOW", "USUAL", "NOT_JUDGED", "UNKNOWN")

SIGNAL_KEYS = {
    "rpt_seizure_signals_by_month": ("country_code", "month_date", "drug_code", "measure_name"),
    "rpt_forecast_accuracy": _SERIES,
    "rpt_seizure_forecasts_by_month": ("country_code", "forecast_month_date", "drug_code", "measure_name"),
}

SIGNAL_COUNTS = {
    "rpt_seizure_signals_by_month": {"known_months_count": 0},
    "rpt_forecast_accuracy": {"known_months_count": 0, "seized_months_count": 0},
    "rpt_seizure_forecasts_by_month": {"horizon_months_count": 1},
}

SIGNAL_MEASURES = {
    "rpt_seizure_signals_by_month": ("observed_value", "lowest_usual_value"),
    "rpt_forecast_accuracy": ("forecast_mae", "seasonal_naive_mae", "naive_mae"),
    "rpt_seizure_forecasts_by_month": ("lower_95_value",),
}

SIGNAL_SHARES = {"rpt_forecast_accuracy": ("held_80_pct", "held_95_pct")}

SIGNAL_ORDERED = {
    "rpt_seizure_signals_by_month": (
        ("lowest_usual_value", "usual_value"), ("usual_value", "highest_usual_value"),
    ),
    "rpt_forecast_accuracy": (("held_80_pct", "held_95_pct"), ("seized_months_count", "known_months_count")),
    "rpt_seizure_forecasts_by_month": (
        ("lower_95_value", "lower_80_value"), ("lower_80_value", "forecast_value"),
        ("forecast_value", "upper_80_value"), ("upper_80_value", "upper_95_value"),
    ),
}  # fmt: skip

_CODE_UNKNOWN = N_('"{value}" has no label. Nothing is published; the model that makes this table has to be corrected.')
_GAP_FILLED = N_(
    "the month was not reported and holds {value}; a gap is no zero. Nothing is published; the model that makes this "
    "table has to be corrected."
)
_OBSERVED_OTHERWISE = N_(
    "the series holds {value}, rpt_seizures_by_month {seized}. Nothing is published; the model that makes this table "
    "has to be corrected."
)
_DETACHED = N_(
    "the month lies {value} months after {last_month}, the last that is known; a forecast goes from 1 to 12. Nothing "
    "is published; the model that makes this table has to be corrected."
)
_UNFOUNDED = N_(
    "no back-test allows this forecast: it has to miss by less than the last value ({naive_mae}) and the same month of "
    "the year before ({seasonal_naive_mae}), and misses by {value}. Nothing is published; the model that makes this "
    "table has to be corrected."
)
_INCOMPLETE = N_(
    "outcome_code is {value} and {months_count} months are forecast. Nothing is published; the model that makes this "
    "table has to be corrected."
)


def signal_rules(mart: str) -> list[Rule]:
    """Return the rules that hold of one of these marts beside keys, ranges and order; none for other marts."""
    return [rule() for rule in _RULES.get(mart, ())]


def _signal_known() -> Rule:
    return _code_rule("signal_unknown", "signal_code", _SIGNALS)


def _outcome_known() -> Rule:
    return _code_rule("outcome_unknown", "outcome_code", _OUTCOMES)


def _code_rule(name: str, column: str, codes: tuple[str, ...]) -> Rule:
    arguments = {"column": column, "value_set": list(codes)}
    return Rule(name, "error", _CODE_UNKNOWN, column, column, "ExpectColumnValuesToBeInSet", arguments)


def _gaps_are_empty() -> Rule:
    return Rule(
        "gap_filled", "error", _GAP_FILLED, "observed_value", "observed_value",
        arguments=rows_where(
            "sent.observed_value is not null and covered.coverage is distinct from 'data' "
            "and covered.coverage is distinct from 'nil'",
            joins="left join marts.rpt_coverage_by_month as covered on sent.country_code = covered.country_code "
            "and sent.month_date = covered.month_date and covered.table_name = 'seizures'",
        ),
    )  # fmt: skip


def _observations_hold() -> Rule:
    """Ask that a month is what was published of it, and zero where it was reported without the drug."""
    return Rule(
        "observed_otherwise", "error", _OBSERVED_OTHERWISE, "observed_value", "observed_value",
        arguments=rows_where(
            "sent.measure_name = 'seizures_count' and covered.coverage <> 'missing' "
            "and coalesce(seized.seizures_count, 0) is distinct from sent.observed_value",
            joins="inner join marts.rpt_coverage_by_month as covered on sent.country_code = covered.country_code "
            "and sent.month_date = covered.month_date and covered.table_name = 'seizures' "
            "left join marts.rpt_seizures_by_month as seized on sent.country_code = seized.country_code "
            "and sent.month_date = seized.month_date and sent.drug_code = seized.drug_code",
            columns=["coalesce(seized.seizures_count, 0) as seized"],
        ),
    )  # fmt: skip


def _forecasts_follow() -> Rule:
    lasting = """
        left join (
            select country_code, drug_code, measure_name, max(month_date) as last_month
            from marts.rpt_seizure_signals_by_month where observed_value is not null group by all
        ) as told using (country_code, drug_code, measure_name)"""
    after = "date_diff('month', told.last_month, sent.forecast_month_date)"
    return Rule(
        "forecast_detached", "error", _DETACHED, "forecast_month_date", "months_after",
        arguments=rows_where(
            f"{after} is distinct from sent.horizon_months_count or {after} not between 1 and 12",
            joins=lasting, columns=["told.last_month", f"{after} as months_after"],
        ),
    )  # fmt: skip


def _forecasts_are_founded() -> Rule:
    """Ask it of a series; its first month names it."""
    return Rule(
        "forecast_unfounded", "error", _UNFOUNDED, "forecast_value", "forecast_mae",
        arguments=query("""
            with sent as (
                select country_code, min(forecast_month_date) as forecast_month_date, drug_code, measure_name
                from {batch} group by all
            )
            select sent.*, forecast_mae, seasonal_naive_mae, naive_mae
            from sent left join marts.rpt_forecast_accuracy as accuracy using (country_code, drug_code, measure_name)
            where coalesce(outcome_code <> 'FORECAST' or forecast_mae >= least(seasonal_naive_mae, naive_mae), true)
        """),
    )  # fmt: skip


def _forecasts_are_whole() -> Rule:
    counted = """
        left join (
            select country_code, drug_code, measure_name, count(*) as months_count
            from marts.rpt_seizure_forecasts_by_month group by all
        ) as told using (country_code, drug_code, measure_name)"""
    return Rule(
        "forecast_incomplete", "error", _INCOMPLETE, "outcome_code", "outcome_code",
        arguments=rows_where(
            "coalesce(told.months_count, 0) <> if(sent.outcome_code = 'FORECAST', 12, 0)",
            joins=counted, columns=["coalesce(told.months_count, 0) as months_count"],
        ),
    )  # fmt: skip


_RULES = {
    "rpt_seizure_signals_by_month": (_signal_known, _gaps_are_empty, _observations_hold),
    "rpt_forecast_accuracy": (_outcome_known, _forecasts_are_whole),
    "rpt_seizure_forecasts_by_month": (_forecasts_follow, _forecasts_are_founded),
}
