"""How many states answer a figure: what a reader has to see beside every number of the region."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from warehouse.bulletin.edition import Edition
from warehouse.questionnaire.definition import Definition
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = N_("States in this figure: {states} of {members}.")
_ONE_MONTH = N_("States that reported: {states} of {members}.")
_MONTHS = N_(
    "States that reported in this time: {states} of {members}; monthly reports that are there: {reports} of {expected}."
)
_QUERY = """
    select count(distinct country_code) filter (coverage <> 'missing') as states,
        count(distinct country_code) as members, count(*) filter (coverage <> 'missing') as reports,
        count(*) as expected, count(distinct month_date) as months
    from rpt_coverage_by_month
    where table_name = '{table}' and month_date between '{since}' and '{until}'"""

_MEMBERS = "select count(distinct country_code) as members from rpt_coverage_by_month where table_name = 'seizures'"


class Reports(NamedTuple):
    """Who reported a table in some months: states of members, monthly reports that are there of those expected."""

    states: int
    members: int
    reports: int
    expected: int
    months: int


class Answering(Definition):
    """Who answers a figure: the table of the questionnaire that it rests on, and its first and last month.

    The months may be places in braces, as those of the query.
    """

    table: str
    since: str = "{month}"
    until: str = "{month}"


def answering(edition: Edition, defined: Answering | None, parameters: Mapping[str, Any], frame: "pd.DataFrame") -> str:
    """Return how many states answer a figure, in a sentence; nothing where that is not told or not known.

    Where the reader does not see who reported the table, as the public of persons, it says how many the figure shows.
    """
    if not defined:
        return ""
    since, until = (text.format(**parameters) for text in (defined.since, defined.until))
    counts = count_reports(edition, defined.table, since, until)
    if not counts.expected:
        if "country_code" not in frame:
            return ""
        members = int(edition.ask(_MEMBERS)["members"].iloc[0])
        return edition.say(_SHOWN, states=frame["country_code"].nunique(), members=members)
    return edition.say(_ONE_MONTH if counts.months == 1 else _MONTHS, **counts._asdict())


def states_reported(edition: Edition, count: int, members: int) -> str:
    """Return how many of the member states reported, as a note of a tile."""
    return edition.ngettext(
        "{count} of {members} states reported", "{count} of {members} states reported", count, members=members
    )


def count_reports(edition: Edition, table: str, since: date | str, until: date | str) -> Reports:
    """Return who reported a table from one month to another, by their first days."""
    return Reports(*map(int, edition.ask(_QUERY.format(table=table, since=since, until=until)).iloc[0]))
