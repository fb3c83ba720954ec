"""The most of each thing: which rows of a frame hold it, and in words the month in which most was weighed."""

from typing import TYPE_CHECKING

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import quantity
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_PEAKS = N_("The most in a month: {peaks}.")


def most_of_each(frame: "pd.DataFrame", group: str, value: str) -> "pd.DataFrame":
    """Return the row of each group in which ``value``, known in all, is highest, in the order of the frame."""
    return frame.loc[frame.groupby(group, sort=False)[value].idxmax()]


def peaks_by_drug(edition: Edition, frame: "pd.DataFrame", value: str) -> str:
    """Return the ``month_date`` in which most kilograms of each drug were weighed; nothing where none was."""
    weighed = frame[frame[value] > 0].sort_values(["drug_code", "month_date"])
    if weighed.empty:
        return ""
    most = most_of_each(weighed, "drug_code", value)[["drug_code", value, "month_date"]]
    peaks = [
        f"{edition.name('drugs', drug)} {quantity(kg, 'kg', edition.language)} ({month:%m.%Y})"
        for drug, kg, month in most.itertuples(index=False, name=None)
    ]
    return edition.say(_PEAKS, peaks=", ".join(peaks))
