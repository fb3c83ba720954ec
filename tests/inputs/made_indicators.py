"""Small good tables of the indicators, for the tests of gate 2: what the facts of a made world add up to."""

from expectations.marts.indicators import (
    INDICATOR_COUNTS,
    INDICATOR_KEYS,
    INDICATOR_MEASURES,
    INDICATOR_ORDERED,
    INDICATOR_SHARES,
    INDICATOR_TOTALS,
)


def make_indicators() -> str:
    """Return the SQL that makes every indicator; those that sum seizures do so from ``marts.fct_seizures``."""
    return ";\n".join(_summed(mart) if mart in INDICATOR_TOTALS else _single(mart) for mart in INDICATOR_KEYS) + ";\n"


def _single(mart: str) -> str:
    """One row: keys as words, and 1 in every column of figures."""
    columns = [f"'A' as {key}" for key in INDICATOR_KEYS[mart]]
    return f"create table marts.{mart} as select {', '.join(columns + _figures(mart))}"


def _summed(mart: str) -> str:
    group, measures = INDICATOR_TOTALS[mart]
    keys = [key if key in group else f"'A' as {key}" for key in INDICATOR_KEYS[mart]]
    sums = [f"sum({measure}) as {measure}" for measure in measures]
    figures = [figure for figure in _figures(mart) if figure.split()[-1] not in (*measures, "seizures_count")]
    selected = ", ".join([*keys, "count(*) as seizures_count", *sums, *figures])
    return f"create table marts.{mart} as select {selected} from marts.fct_seizures group by all"


def _figures(mart: str) -> list[str]:
    pairs = [column for pair in INDICATOR_ORDERED.get(mart, ()) for column in pair]
    names = [*INDICATOR_COUNTS.get(mart, ()), *INDICATOR_MEASURES.get(mart, ()), *INDICATOR_SHARES.get(mart, ())]
    return [f"cast(1 as double) as {name}" for name in dict.fromkeys([*names, *pairs])]
