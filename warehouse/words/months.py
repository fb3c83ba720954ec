"""Months in words."""

from datetime import date
from functools import lru_cache

from warehouse.questionnaire.language import Language


@lru_cache(maxsize=4096)
def month_in_words(month: date, language: Language) -> str:
    """Return a month, by any of its days, as in a heading: March 2024, март 2024."""
    from babel.dates import format_date

    return format_date(month, "LLLL y", locale=language)
