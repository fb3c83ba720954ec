"""The two years of a country in its answers: months without a report stay gaps, and other states are a range alone."""

from datetime import date

from warehouse.answers.history import HEIGHT, STEP, bars_of, history_of

MONTH = date(2024, 3, 1)
REPORTED = {
    "KAZ": {date(2024, 3, 1): 40, date(2024, 2, 1): 0, date(2023, 1, 1): 1, date(2020, 1, 1): 9},
    "TJK": {date(2024, 1, 1): 5},
    "UZB": {date(2024, 1, 1): 5, date(2023, 12, 1): 7},
}


def test_months_beside_the_range_of_the_states() -> None:
    history = history_of(REPORTED, "KAZ", MONTH)
    assert history
    assert [history.months[0].month, history.months[-1].month, len(history.months)] == [date(2022, 4, 1), MONTH, 24]
    assert history.reported_count == 3
    assert [history.lowest_count, history.median_count, history.highest_count] == [1, 2, 3]


def test_a_month_without_a_report_is_a_dash_and_a_nil_return_a_zero() -> None:
    history = history_of(REPORTED, "KAZ", MONTH)
    assert history
    bars = bars_of(history)
    assert [bar.sign for bar in bars[-3:]] == ["–", "0", ""]
    assert [bar.height for bar in bars if not bar.sign] == [3, HEIGHT]
    assert [bar.label for bar in bars if bar.label] == ["04.2022", "01.2023", "03.2024"]
    assert bars[-1].is_this
    assert bars[-1].x == 23 * STEP


def test_the_first_report_of_a_country_has_no_history() -> None:
    assert history_of({"KAZ": {MONTH: 4}}, "KAZ", MONTH) is None
    assert history_of(REPORTED, None, MONTH) is None
    assert history_of(REPORTED, "KAZ", None) is None
