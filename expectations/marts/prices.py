"""Checks of the marts on prices."""

from expectations.marts.checks import MartChecks

PRICES = (
    MartChecks("fct_prices", rows_of="prices"),
    MartChecks(
        "rpt_prices_by_month",
        counts={"prices_count": 1, "withheld_count": 0, "unconverted_count": 0},
        measures=("typical_usd",),
        ordered=(("withheld_count", "prices_count"),),
    ),
    MartChecks(
        "rpt_price_ladder",
        counts={"prices_count": 0},
        measures=("usd_per_gram", "usd_per_pure_gram", "markup_ratio", "pure_markup_ratio", "published_usd_per_gram"),
    ),
)
