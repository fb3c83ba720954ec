"""Checks of the marts on forecasts: they follow the series, a back-test allows them, and they are whole."""

from expectations.gate.rules import Rule, query, rows_where
from expectations.marts.checks import MartChecks, code_rule
from warehouse.words.catalogue import N_

_OUTCOME_UNKNOWN = code_rule(
    "outcome_unknown", "outcome_code",
    ("FORECAST", "REPORTS_ENDED", "TOO_SHORT", "TOO_MANY_GAPS", "MOSTLY_ZERO", "NOT_BETTER", "BANDS_TOO_NARROW"),
)  # fmt: skip

_FORECAST_INCOMPLETE = Rule(
    "forecast_incomplete", "error",
    N_(
        "outcome_code is {value} and {months_count} months are forecast. Nothing is published; the model that makes "
        "this table has to be corrected."
    ),
    "outcome_code", "outcome_code",
    failing=rows_where(
        "coalesce(shown.months_count, 0) <> if(sent.outcome_code = 'FORECAST', 12, 0)",
        joins="""
            left join (
                select country_code, drug_code, measure_name, count(*) as months_count
                from marts.rpt_seizure_forecasts_by_month group by all
            ) as shown using (country_code, drug_code, measure_name)""",
        columns=["coalesce(shown.months_count, 0) as months_count"],
    ),
)  # fmt: skip

_MONTHS_AFTER = "date_diff('month', shown.last_month, sent.forecast_month_date)"
_FORECAST_DETACHED = Rule(
    "forecast_detached", "error",
    N_(
        "the month lies {value} months after {last_month}, the last that is known; a forecast goes from 1 to 12. "
        "Nothing is published; the model that makes this table has to be corrected."
    ),
    "forecast_month_date", "months_after",
    failing=rows_where(
        f"{_MONTHS_AFTER} is distinct from sent.horizon_months_count or {_MONTHS_AFTER} not between 1 and 12",
        joins="""
            left join (
                select country_code, drug_code, measure_name, max(month_date) as last_month
                from marts.rpt_seizure_signals_by_month where observed_value is not null group by all
            ) as shown using (country_code, drug_code, measure_name)""",
        columns=["shown.last_month", f"{_MONTHS_AFTER} as months_after"],
    ),
)  # fmt: skip

# One finding per series, named by its first month.
_FORECAST_UNFOUNDED = Rule(
    "forecast_unfounded", "error",
    N_(
        "no back-test allows this forecast: it has to miss by less than the last value ({naive_mae}) and the same "
        "month of the year before ({seasonal_naive_mae}), and misses by {value}. Nothing is published; the model that "
        "makes this table has to be corrected."
    ),
    "forecast_value", "forecast_mae",
    failing=query("""
        with sent as (
            select country_code, min(forecast_month_date) as forecast_month_date, drug_code, measure_name
            from {batch} group by all
        )
        select sent.*, forecast_mae, seasonal_naive_mae, naive_mae
        from sent left join marts.rpt_forecast_accuracy as accuracy using (country_code, drug_code, measure_name)
        where coalesce(outcome_code <> 'FORECAST' or forecast_mae >= least(seasonal_naive_mae, naive_mae), true)
    """),
)  # fmt: skip

FORECASTS = (
    MartChecks(
        "rpt_forecast_accuracy",
        counts={
            "known_months_count": 0, "seized_months_count": 0, "partial_months_count": 0, "missing_months_count": 0,
        },
        measures=("forecast_mae", "seasonal_naive_mae", "naive_mae"),
        shares=("narrow_held_pct", "wide_held_pct"),
        ordered=(("narrow_held_pct", "wide_held_pct"), ("seized_months_count", "known_months_count")),
        rules=(_OUTCOME_UNKNOWN, _FORECAST_INCOMPLETE),
    ),
    MartChecks(
        "rpt_seizure_forecasts_by_month",
        counts={"horizon_months_count": 1},
        measures=("lower_wide_value",),
        ordered=(
            ("lower_wide_value", "lower_narrow_value"), ("lower_narrow_value", "forecast_value"),
            ("forecast_value", "upper_narrow_value"), ("upper_narrow_value", "upper_wide_value"),
        ),
        rules=(_FORECAST_DETACHED, _FORECAST_UNFOUNDED),
    ),
)  # fmt: skip
