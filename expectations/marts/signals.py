"""Signals: a month of a series is what was published of it, and a month without a report stays empty."""

from expectations.gate.rules import Rule, rows_where
from expectations.marts.checks import code_rule
from warehouse.words.catalogue import N_

SIGNAL_UNKNOWN = code_rule("signal_unknown", "signal_code", ("HIGH", "LOW", "USUAL", "NOT_JUDGED", "UNKNOWN"))

GAP_FILLED = Rule(
    "gap_filled", "error",
    N_(
        "the month was not reported, or rows of it were held back, and holds {value}; a gap is no zero. Nothing is "
        "published; the model that makes this table has to be corrected."
    ),
    "observed_value", "observed_value",
    failing=rows_where(
        "sent.observed_value is not null and (sent.observation_code not in ('COUNTED', 'ZERO') "
        "or covered.coverage is distinct from 'data' and covered.coverage is distinct from 'nil')",
        joins="left join marts.rpt_coverage_by_month as covered on sent.country_code = covered.country_code "
        "and sent.month_date = covered.month_date and covered.table_name = 'seizures'",
    ),
)  # fmt: skip

_SEIZED = "coalesce(seized.seizures_count - seized.presumed_duplicate_count, 0)"

# A month that was reported without the drug has to be zero, unless rows of it are held back.
OBSERVED_OTHERWISE = Rule(
    "observed_otherwise", "error",
    N_(
        "the series holds {value}, rpt_seizures_by_month {seized}. Nothing is published; the model that makes this "
        "table has to be corrected."
    ),
    "observed_value", "observed_value",
    failing=rows_where(
        "sent.measure_name = 'seizures_count' and covered.coverage <> 'missing' and sent.held_back_count = 0 "
        f"and {_SEIZED} is distinct from sent.observed_value",
        joins="inner join marts.rpt_coverage_by_month as covered on sent.country_code = covered.country_code "
        "and sent.month_date = covered.month_date and covered.table_name = 'seizures' "
        "left join marts.rpt_seizures_by_month as seized on sent.country_code = seized.country_code "
        "and sent.month_date = seized.month_date and sent.drug_code = seized.drug_code",
        columns=[f"{_SEIZED} as seized"],
    ),
)  # fmt: skip
