"""Small good signals and forecasts, for the tests of gate 2: made of the months of a made world."""

SIGNALS = """
create table marts.rpt_seizure_signals_by_month as
select country_code, month_date, 'HEROIN' as drug_code, 'seizures_count' as measure_name,
    cast(seizures_count as double) as observed_value, 1e0 as lowest_usual_value, 2e0 as usual_value,
    4e0 as highest_usual_value, if(seizures_count is null, 'UNKNOWN', 'USUAL') as signal_code,
    8 as known_months_count, if(seizures_count is null, 'MISSING', 'COUNTED') as observation_code,
    0 as held_back_count
from marts.rpt_coverage_by_month
left join (from marts.rpt_seizures_by_month where seizures_count > 0) using (country_code, month_date);
create table marts.rpt_forecast_accuracy as
select country_code, 'HEROIN' as drug_code, 'seizures_count' as measure_name,
    if(country_code = 'TKM', 'FORECAST', 'NOT_BETTER') as outcome_code, 8 as known_months_count,
    8 as seized_months_count, 0 as partial_months_count, 0 as missing_months_count,
    if(country_code = 'TKM', 1e0, 2e0) as forecast_mae, 2e0 as seasonal_naive_mae,
    1.5e0 as naive_mae, 80e0 as narrow_held_pct, 95e0 as wide_held_pct
from marts.dim_countries;
create table marts.rpt_seizure_forecasts_by_month as
select 'TKM' as country_code, (date '2024-08-01' + to_months(ahead::int))::date as forecast_month_date,
    'HEROIN' as drug_code, 'seizures_count' as measure_name, ahead as horizon_months_count, 0e0 as lower_wide_value,
    1e0 as lower_narrow_value, 2e0 as forecast_value, 3e0 as upper_narrow_value, 4e0 as upper_wide_value
from range(1, 13) as months (ahead);
"""

_MONTH = "update marts.rpt_seizure_signals_by_month set {} where country_code = 'TKM' and month(month_date) = 1"
_LAST = "update marts.rpt_seizure_forecasts_by_month set {} where horizon_months_count = 12"
_MONTHS, _ACCURACY, _FORECASTS = (
    "rpt_seizure_signals_by_month", "rpt_forecast_accuracy", "rpt_seizure_forecasts_by_month",
)  # fmt: skip
_UNREPORTED = "update marts.rpt_seizure_signals_by_month set observed_value = 0 where country_code = 'UZB'"
_JUDGED = "update marts.rpt_forecast_accuracy set {} where country_code = 'TKM'"

# Mart, change of it that a rule must find, and what it finds.
SIGNAL_CASES: list[tuple[str, str, list[str]]] = [
    *((mart, "", []) for mart in (_MONTHS, _ACCURACY, _FORECASTS)),
    (_MONTHS, _MONTH.format("signal_code = 'HGH'"), ["error signal_unknown signal_code"]),
    (_MONTHS, _MONTH.format("usual_value = 5"), ["error columns_disordered usual_value"]),
    (_MONTHS, _MONTH.format("observed_value = 3"), ["error observed_otherwise observed_value"]),
    (_MONTHS, _MONTH.format("observed_value = null"), ["error observed_otherwise observed_value"]),
    # a gap that is filled with zero
    (_MONTHS, _UNREPORTED, ["error gap_filled observed_value"]),
    # what was accepted of a month of which rows are held back, as if it were all, and nothing, as it has to be
    (_MONTHS, _MONTH.format("observation_code = 'PARTIAL', held_back_count = 1"), ["error gap_filled observed_value"]),
    (_MONTHS, _MONTH.format("observation_code = 'PARTIAL', held_back_count = 1, observed_value = null"), []),
    (_ACCURACY, _JUDGED.format("wide_held_pct = 101"), ["error share_implausible wide_held_pct"]),
    (_ACCURACY, _JUDGED.format("narrow_held_pct = 96"), ["error columns_disordered narrow_held_pct"]),
    (_ACCURACY, "update marts.rpt_forecast_accuracy set outcome_code = 'BETTER' where country_code = 'KAZ'",
     ["error outcome_unknown outcome_code"]),
    # eleven months, none, and twelve of a series that must have none
    (_ACCURACY, "delete from marts.rpt_seizure_forecasts_by_month where horizon_months_count = 12",
     ["error forecast_incomplete outcome_code"]),
    (_ACCURACY, "delete from marts.rpt_seizure_forecasts_by_month", ["error forecast_incomplete outcome_code"]),
    (_ACCURACY, _JUDGED.format("outcome_code = 'NOT_BETTER'"), ["error forecast_incomplete outcome_code"]),
    # bands are nested and not below zero
    (_FORECASTS, _LAST.format("lower_wide_value = -0.1"), ["error measure_negative lower_wide_value"]),
    (_FORECASTS, _LAST.format("lower_wide_value = 1.1"), ["error columns_disordered lower_wide_value"]),
    (_FORECASTS, _LAST.format("lower_narrow_value = 2.1"), ["error columns_disordered lower_narrow_value"]),
    (_FORECASTS, _LAST.format("forecast_value = 3.1"), ["error columns_disordered forecast_value"]),
    (_FORECASTS, _LAST.format("upper_narrow_value = 4.1"), ["error columns_disordered upper_narrow_value"]),
    # a thirteenth month, and one that does not follow the last that is known
    (_FORECASTS, _LAST.format("horizon_months_count = 13, forecast_month_date = date '2025-09-01'"),
     ["error forecast_detached forecast_month_date"]),
    (_FORECASTS, _LAST.format("forecast_month_date = date '2025-09-01'"),
     ["error forecast_detached forecast_month_date"]),
    # no back-test, one that says no, and one that a naive method wins, whatever its outcome says
    (_FORECASTS, "delete from marts.rpt_forecast_accuracy", ["error forecast_unfounded forecast_value"]),
    (_FORECASTS, _JUDGED.format("outcome_code = 'NOT_BETTER'"), ["error forecast_unfounded forecast_value"]),
    (_FORECASTS, _JUDGED.format("forecast_mae = 1.5"), ["error forecast_unfounded forecast_value"]),
    (_FORECASTS, _JUDGED.format("naive_mae = 3, forecast_mae = 2"), ["error forecast_unfounded forecast_value"]),
]  # fmt: skip
