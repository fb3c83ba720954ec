"""Border Liaison Offices in a month: what they have and find, do together, and tell each other."""

from datetime import date
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.months import sparklines
from warehouse.bulletin.charts.pairs import pairs
from warehouse.bulletin.charts.style import WIDTH
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.figures import has_whole_page, month_figure
from warehouse.bulletin.numbers import NOT_KNOWN, is_unknown, percent, short
from warehouse.bulletin.pages import Section
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_OFFICES = N_("Border Liaison Offices")
_LAST = N_("Last known month: {offices}.")
_SENDER, _RECEIVER = N_("As the sender tells"), N_("As the receiver tells")
_LEFT, _ENTERED = N_("As the side that they left tells"), N_("As the side that they entered tells")
_ANSWERED = N_("Answered, as senders tell: {replies} of {requests} ({pct}).")
_NO_REQUESTS = N_("No side tells of requests that it sent.")
_APART = N_("Farthest apart: {points}, {left} and {entered}.")
_ONE_SIDE = N_("No pair of crossings is told by both sides.")
_REQUESTS, _REPLIES, _TRAVELLERS = N_("Requests"), N_("Replies"), N_("Travellers")
_WIDTH = WIDTH - 260  # of what both sides tell, beside its labels
_NAMED = 3  # offices in a sentence


def offices_section(edition: Edition, month: date) -> Section:
    """Return what the reader sees of offices: for the centre all, for the members nothing."""
    is_whole = has_whole_page(edition, month)
    figures = [
        month_figure(edition, month, "offices", "offices"),
        month_figure(edition, month, "offices", "traffic", _draw_traffic) if is_whole else None,
        month_figure(edition, month, "offices", "activities"),
        month_figure(edition, month, "offices", "exchanges", _draw_exchanges if is_whole else None),
        month_figure(edition, month, "offices", "throughput", _draw_throughput if is_whole else None),
    ]
    return Section("offices", edition.say(_OFFICES), figures)


def _draw_traffic(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    values = frame["travellers_count"].astype(float)
    shown = frame[["month_date"]].assign(
        row=edition.named("border_points", frame["border_point_code"]),
        value=values,
        label=["" if is_unknown(value) else short(value, edition.language) for value in values],
    )
    last = shown.dropna(subset=["value"]).drop_duplicates("row", keep="last").nlargest(_NAMED, "value")
    told = ", ".join(f"{row} {label}" for row, label in last[["row", "label"]].itertuples(index=False, name=None))
    return Drawing(sparklines(shown), edition.say(_LAST, offices=told))


def _draw_exchanges(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    import pandas as pd

    rows = _rows(edition, frame, "countries", ("sender_country_code", "receiver_country_code"))
    measures = {
        _REQUESTS: ("requests_sent_count", "requests_received_count"),
        _REPLIES: ("replies_got_count", "replies_given_count"),
    }
    told = [_sides(frame, rows, edition.say(name), columns) for name, columns in measures.items()]
    spec = pairs(pd.concat(told), (edition.say(_SENDER), edition.say(_RECEIVER)), _WIDTH)
    known = frame.dropna(subset=["requests_sent_count", "replies_got_count"])
    requests, replies = (int(known[name].sum()) for name in ("requests_sent_count", "replies_got_count"))
    if not requests:
        return Drawing(spec, edition.say(_NO_REQUESTS))
    share = percent(100 * replies / requests, edition.language)
    return Drawing(spec, edition.say(_ANSWERED, replies=replies, requests=requests, pct=share))


def _draw_throughput(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    rows = _rows(edition, frame, "border_points", ("exit_border_point_code", "entry_border_point_code"))
    columns = ("travellers_exited_count", "travellers_entered_count")
    told = _sides(frame, rows, edition.say(_TRAVELLERS), columns)
    spec = pairs(told, (edition.say(_LEFT), edition.say(_ENTERED)), _WIDTH)
    both = frame.assign(row=rows).dropna(subset=["travellers_difference"])
    if both.empty:
        return Drawing(spec, edition.say(_ONE_SIDE))
    most = both.iloc[int(both["travellers_difference"].astype(int).abs().to_numpy().argmax())]
    left, entered = (short(int(most[column]), edition.language) for column in columns)
    return Drawing(spec, edition.say(_APART, points=most["row"], left=left, entered=entered))


def _sides(frame: "pd.DataFrame", rows: list[str], panel: str, columns: tuple[str, str]) -> "pd.DataFrame":
    """Return what both sides tell, as pairs are drawn."""
    first, second = (frame[column].astype(float) for column in columns)
    return frame[[]].assign(panel=panel, label=rows, first=first, second=second)


def _rows(edition: Edition, frame: "pd.DataFrame", codelist: str, columns: tuple[str, str]) -> list[str]:
    codes = frame[[*columns]].itertuples(index=False, name=None)
    return [" → ".join(edition.name(codelist, code) or NOT_KNOWN for code in pair) for pair in codes]
