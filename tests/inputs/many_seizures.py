"""Many seizures: monthly files of the five states, as many rows as a measurement asks for, the same on every machine.

Two rows of a hundred are bad: an unreadable day, words or a negative number for the quantity, an unknown unit, an
unknown substance. One of a hundred repeats a record number of the month before.
"""

from datetime import date
from pathlib import Path

import duckdb

STATES = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
FIRST_YEAR = 2023
COLUMNS = (
    "record_id", "seizure_date", "place", "drug", "quantity", "unit", "transport_mode", "hiding_place",
    "departure_country", "destination_country", "purity_pct", "reporting_channel", "agency", "source", "notes",
)  # fmt: skip
DRUGS = {
    "HEROIN": ["heroin", "Героин"], "OPIUM": ["opium", "Опий"], "HASHISH": ["Гашиш", "cannabis resin"],
    "MARIJUANA": ["Марихуана", "cannabis herb"], "METH": ["Метамфетамин", "Methamphetamine"],
    "AMPH": ["Амфетамин", "Amphetamine"], "COCAINE": ["Кокаин", "Cocaine"], "MDMA": ["МДМА"],
    "MEPHEDRONE": ["Мефедрон", "Mephedrone"], "TRAMADOL": ["Трамадол"], "PREGABALIN": ["Прегабалин"],
}  # fmt: skip
GRAMS = {"кг": 1e3, "kg": 1e3, "г": 1.0, "g": 1.0, "мг": 1e-3}
TRANSPORT = ("Легковой автомобиль", "Rail", "Пешком", "Air", "Почта")
HIDING = ("Багаж", "Package", "Свёрток", "Body cavity", "Сумка")
ORIGINS, DESTINATIONS = ("AFG", "IRN", "PAK", "TJK"), ("UZB", "KAZ", "RUS", "CHN", "TUR", "DEU")
NOTES = ("Изъято при досмотре", "Экспертиза назначена", "", "Controlled delivery", "Груз следовал; документы есть")


def write_reports(inbox: Path, months: int, rows: int, *, first: int = 0, states: tuple[str, ...] = STATES) -> None:
    """Write ``<ISO3>/<ISO3>_YYYY-MM.csv`` of ``rows`` rows for each state and month, ``months`` of them from ``first``.

    Month 0 is January of FIRST_YEAR; utf-8, semicolons, decimal commas, days as DD.MM.YYYY.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        for state in states:
            (inbox / state).mkdir(parents=True, exist_ok=True)
            for number in range(first, first + months):
                month = month_of(number)
                path = inbox / state / f"{state}_{month:%Y-%m}.csv"
                connection.execute(
                    f"copy ({_QUERY}) to '{path}' (format csv, delimiter ';', header true)",
                    {"rows": rows, "state": state, "month": month, "before": month_of(number - 1)},
                )


def month_of(number: int) -> date:
    """Return the first day of a month, counted from January of FIRST_YEAR."""
    return date(FIRST_YEAR + number // 12, number % 12 + 1, 1)


def _one_of(words: object, seed: str) -> str:
    """Return SQL that draws one of the words for a row."""
    listed = [words] if isinstance(words, str) else list(words)  # type: ignore[call-overload]
    texts = ", ".join(f"'{word}'" for word in listed)
    return f"[{texts}][1 + (hash({seed!r}, i, $state, $month) % {len(listed)})::int]"


_CHANCE = "((hash('{}', i, $state, $month) % 1000000)::double / 1000000)"
_QUERY = f"""
with drawn as (
    select
        i,
        {_one_of(GRAMS, "unit")} as unit,
        {_one_of([word for words in DRUGS.values() for word in words], "drug")} as drug,
        exp(2 * ({_CHANCE.format("a")} + {_CHANCE.format("b")} + {_CHANCE.format("c")} - 1.5)) as kg,
        if({_CHANCE.format("bad")} < 0.02, (hash('kind', i, $state, $month) % 5)::int, -1) as fault
    from range($rows) as rows (i)
)
select
    $state || strftime(if(i < $rows // 100, $before, $month)::date, '-%Y%m-') || lpad(i::varchar, 7, '0') as record_id,
    if(
        fault = 0, '31.02.' || year($month::date),
        strftime($month::date + (hash('day', i, $state, $month) % 28)::int, '%d.%m.%Y')
    ) as seizure_date,
    'Пункт ' || hash('place', i, $state, $month) % 40 as place,
    if(fault = 1, 'неизвестное вещество', drug) as drug,
    case fault
        when 2 then 'нет данных' when 3 then '-5,000'
        else replace(printf('%.3f', kg * 1000 / map({list(GRAMS)}, {list(GRAMS.values())})[unit]), '.', ',')
    end as quantity,
    if(fault = 4, 'пакет', unit) as unit,
    {_one_of(TRANSPORT, "transport")} as transport_mode,
    {_one_of(HIDING, "hiding")} as hiding_place,
    {_one_of(ORIGINS, "origin")} as departure_country,
    {_one_of(DESTINATIONS, "destination")} as destination_country,
    hash('purity', i, $state, $month) % 90 + 5 as purity_pct,
    'BLO' as reporting_channel,
    'МВД' as agency,
    'протокол ' || i as source,
    {_one_of(NOTES, "note")} as notes
from drawn
order by i
"""
