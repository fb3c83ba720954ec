"""What has to be read with six drugs in five years: which are a part, and what cases cover of national totals."""

from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.national_totals import state_sentences
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

YEARS = 5
_PARTS = N_("A part, as rows are held back or something was not weighed: {listed}.")


def tell_years(country: str, edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return in words, without a chart, which years of a drug are a part, and what cases cover of national totals."""
    year = edition.months[-1].year
    sentences = [*state_sentences(edition, country, year - YEARS + 1, year)]
    parts = frame.dropna(subset=["part_years"])
    named = zip(edition.named("unodc_classes", parts["unodc_class_code"]), parts["part_years"], strict=True)
    if listed := "; ".join(f"{drug} {years}" for drug, years in named):
        sentences = [edition.say(_PARTS, listed=listed), *sentences]
    return Drawing({}, " ".join(sentences))
