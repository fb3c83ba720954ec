"""What the current release makes the centre ask: questioned quantities, matches of two states, unusual months."""

from collections.abc import Iterator
from typing import Any

from warehouse.bulletin.board.part import STATE, Part, PartWords, Row
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import cell, quantity, short
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

_QUESTIONED = """
    select country_code, drug_code, count(*) as months_count, max(month_date) as last_month,
        round(sum(questioned_kg_without_duplicates), 6) as kg
    from rpt_seizures_by_month where questioned_kg_without_duplicates > 0
    group by country_code, drug_code order by country_code, drug_code"""
_MATCHES = (
    "from fct_seizure_matches where match_kind = 'ACROSS' and not is_same_record "
    "order by is_presumed_duplicate desc, score desc, seizure_id_a, seizure_id_b"
)
_UNUSUAL = (
    "from rpt_seizure_signals_by_month where signal_code in ('HIGH', 'LOW') and month_date >= '{first}' "
    "order by month_date desc, country_code, drug_code, measure_name"
)
_MONTHS = 12
_DRUG, _MONTH = N_("Drug"), N_("Month")
_QUESTIONED_PART = PartWords(
    "questioned",
    N_("Quantities under question"),
    (STATE, _DRUG, N_("Months"), N_("The last"), N_("Questioned, kg")),
    N_("No quantity is under question."),
    N_("They are in the sums until their state confirms or corrects them. Their rows:"),
)
_MATCHES_PART = PartWords(
    "matches",
    N_("Seizures that two states may both have reported"),
    (N_("States"), _DRUG, N_("Days"), N_("Quantities"), N_("Both are counted")),
    N_("No seizures of two states resemble each other."),
    N_("Ask both states whether it is the same case. What speaks for each pair:"),
)
_UNUSUAL_PART = PartWords(
    "unusual",
    N_("Unusual months of the last twelve"),
    (_MONTH, STATE, _DRUG, N_("Reported"), N_("Usual"), N_("Signal")),
    N_("No month is unusual."),
    N_("Ask the state before anybody draws a conclusion. All of them:"),
)


def region_parts(edition: Edition) -> Iterator[Part]:
    """Yield the parts on figures of the current release."""
    yield _questioned(edition)
    yield _matches(edition)
    yield _unusual(edition)


def _answers(edition: Edition, query: str) -> list[dict[Any, Any]]:
    return edition.ask(query).to_dict("records")


def _questioned(edition: Edition) -> Part:
    rows = edition.ask(_QUESTIONED).itertuples(index=False, name=None)
    return _QUESTIONED_PART.part(
        edition,
        [
            Row(
                [
                    edition.name("countries", country),
                    edition.name("drugs", drug),
                    str(count),
                    month_in_words(last, edition.language),
                    cell(kg, "quantity_kg", edition.language),
                ]
            )
            for country, drug, count, last, kg in rows
        ],
        'sarai query "from fct_seizures where is_questioned"',
    )


def _matches(edition: Edition) -> Part:
    rows = []
    for one in _answers(edition, _MATCHES):
        states = [edition.name("countries", one[code]) for code in ("country_code_a", "country_code_b")]
        days = dict.fromkeys(f"{one[day]:%Y-%m-%d}" for day in ("seizure_date_a", "seizure_date_b"))
        is_left_out = bool(one["is_presumed_duplicate"])
        values = [" – ".join(states), edition.name("drugs", one["drug_code"]), " – ".join(days), _amounts(edition, one)]
        rows.append(Row([*values, cell(not is_left_out, "", edition.language)], is_urgent=is_left_out))
    return _MATCHES_PART.part(edition, rows, f'sarai query "{_MATCHES}"')


def _amounts(edition: Edition, match: dict[Any, Any]) -> str:
    amounts = (match["amount_a"], match["amount_b"])
    if match["measure"] in {"kg", "litres"}:
        return " – ".join(quantity(amount, match["measure"], edition.language) for amount in amounts)
    unit = edition.name("units", match["measure"])
    return f"{' – '.join(cell(amount, '', edition.language) for amount in amounts)} ({unit})"


def _unusual(edition: Edition) -> Part:
    first = edition.months[-_MONTHS:][0] if edition.months else None
    query = _UNUSUAL.format(first=first or "9999-12-31")
    rows = []
    for one in _answers(edition, query):
        is_weight = one["measure_name"] == "quantity_kg"
        value = short(one["observed_value"], edition.language)
        low, high = (short(one[name], edition.language) for name in ("lowest_usual_value", "highest_usual_value"))
        rows.append(
            Row(
                [
                    month_in_words(one["month_date"], edition.language),
                    edition.name("countries", one["country_code"]),
                    edition.name("drugs", one["drug_code"]),
                    f"{value}\N{NO-BREAK SPACE}{edition.say('kg')}"
                    if is_weight
                    else edition.say(N_("seizures: {count}"), count=value),
                    f"{low} – {high}",
                    edition.name("signals", one["signal_code"]),
                ]
            )
        )
    return _UNUSUAL_PART.part(edition, rows, f'sarai query "{query}"')
