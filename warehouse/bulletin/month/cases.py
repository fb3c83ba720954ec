"""Single cases of a month, which their state and the centre see: significant seizures, stories, challenges."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.figures import month_figure
from warehouse.bulletin.pages import Section
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_SIGNIFICANT, _STORIES, _CHALLENGES = N_("Significant seizures"), N_("Success stories"), N_("Challenges")
_SHOWN = N_("Seizures above the thresholds: {count}; shown here: {shown}.")
_ONE_LANGUAGE = N_("A text on this page is there in one language only: {titles}.")


def significant_section(edition: Edition, month: date) -> Section:
    """Return the largest significant seizures of the month."""
    shown = month_figure(edition, month, "cases", "significant")
    sentences = []
    if shown:
        count = int(shown.frame["significant_count"].iloc[0])
        sentences = [edition.say(_SHOWN, count=count, shown=len(shown.frame))]
    return Section("significant", edition.say(_SIGNIFICANT), [shown], sentences)


def stories_section(edition: Edition, month: date) -> Section:
    """Return stories that may be published; a notice names those that are not in the language of the page."""
    shown = month_figure(edition, month, "cases", "stories")
    sentences = [*_in_other_language(edition, shown.frame)] if shown else []
    return Section("stories", edition.say(_STORIES), [shown], sentences)


def challenges_section(edition: Edition, month: date) -> Section:
    """Return the greatest challenges of offices."""
    return Section("challenges", edition.say(_CHALLENGES), [month_figure(edition, month, "cases", "challenges")])


def _in_other_language(edition: Edition, frame: "pd.DataFrame") -> Iterator[str]:
    titles = [
        title
        for title, text in frame[["story_title", "story_text"]].itertuples(index=False, name=None)
        if _is_cyrillic(f"{title} {text}") is not (edition.language == "ru")
    ]
    if titles:
        yield edition.say(_ONE_LANGUAGE, titles="; ".join(dict.fromkeys(titles)))


def _is_cyrillic(text: str) -> bool:
    return any("CYRILLIC" in unicodedata.name(letter, "") for letter in text)
