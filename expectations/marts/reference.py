"""Checks of the reference tables."""

from expectations.marts.checks import MartChecks

REFERENCE = (
    MartChecks("dim_countries"),
    MartChecks("dim_drugs"),
    MartChecks("dim_border_points", measures=("precision_m",)),
    MartChecks("dim_dates"),
    MartChecks("dim_codes"),
    MartChecks("dim_precursors"),
    MartChecks("dim_exchange_rates", counts={"converted_prices_count": 0}, measures=("units_per_usd",)),
)
