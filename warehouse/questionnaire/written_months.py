"""What a cell says of its day or month, before it is landed: read by the SQL of staging, so that both read the same.

The macros and the list of words are those of dbt_project, rendered without dbt.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from warehouse.questionnaire.definition import Field
from warehouse.storage.reading import open_scratch
from warehouse.storage.sql import literal

_MACROS = ("in_ranges.sql", "spelling_key.sql", "figures_sent.sql", "written_days.sql", "parse_date.sql")
_SEEDS = ("codelists/months", "spellings/months_spellings", "codelists/countries")

# The month of a day: of days that can be read both ways the one in the period, else the one in the order that other
# cells of the table prove; null where nothing does. A day in UTC is the one in the country.
_OF_DAY = """
    ways as (
        select
            sent_text,
            cast(
                date_trunc(
                    'month',
                    coalesce(
                        cast(timezone($zone, timezone('UTC', moment)) as date), day
                    )
                ) as date
            ) as one,
            cast(if(is_habit, date_trunc('month', other_day), null) as date) as other,
            cast(split_part(yearless, '-', 1) as integer) as number,
            bool_or(is_month_first) over () as month_leads,
            bool_or(is_habit and other_day is null) over () as day_leads
        from figures
    ),
    found as (
        select
            sent_text,
            one is not null or {named} is not null as is_read,
            case
                when number is not null then {named}
                when other is null or one = other then one
                when {holds_other} and not {holds_one} then other
                when {holds_one} and not {holds_other} then one
                when month_leads <> day_leads then if(month_leads, other, one)
            end as month
        from ways
    )"""
_OF_MONTH = """
    found as (
        select
            sent_text,
            month is not null or {named} is not null as is_read,
            coalesce(month, {named}) as month
        from (select *, month_number as number from figures)
    )"""

# What lies before or after the period goes to the nearest month of the table: there it is judged, and named.
_READ = """
create or replace temp table months_read as
with {found},
held as (
    select list(distinct month order by month) as months from found where list_contains($months::date[], month)
)
select
    sent_text,
    case
        when list_contains($months::date[], month) then month
        else coalesce(list_filter(held.months, lambda held_month: held_month <= month)[-1], held.months[1])
    end as month,
    case
        when not is_read then 'unread'
        when found.month is null then 'two_ways'
        when held.months is null then 'outside'
    end as problem
from found cross join held
"""


def bare_text(codelists: Path, column: str) -> str:
    """Return the SQL of a cell without the white space around it, as staging has it."""
    return _render(codelists, f"{{{{ bare_text({column!r}) }}}}")


def read_months(
    connection: duckdb.DuckDBPyConnection, field: Field, months: Sequence[date], country: str | None, codelists: Path
) -> None:
    """Read the texts of the temporary table ``texts`` (sent_text) as days or months, those of one table of a file.

    Makes the temporary table ``months_read``: sent_text; month, its first day, among ``months``; problem: 'unread' if
    there is none, 'two_ways' if it can be either of two of them, 'outside' if no text lies in any of them; else null.
    ``codelists`` is the folder of the seeds, ``country`` (alpha-3) the one whose zone holds.
    """
    words, zones = _of_codelists(codelists)
    connection.execute(
        "create or replace temp table stg_month_words as select map(?::varchar[], ?::integer[]) as numbers",
        [list(words), list(words.values())],
    )
    is_day = field.type == "date"
    figures = "date_figures" if is_day else "month_figures"
    read_from = _render(codelists, f"{{{{ {figures}('select distinct sent_text from texts') }}}}")
    connection.execute(f"create or replace temp table figures as {read_from}")
    among = "list_filter($months::date[], lambda named_month: month(named_month) = number)"
    found = (_OF_DAY if is_day else _OF_MONTH).format(
        named=f"if(len({among}) = 1, {among}[1], null)",
        holds_one="list_contains($months::date[], one)",
        holds_other="list_contains($months::date[], other)",
    )
    values = {"months": list(months)} | ({"zone": zones.get(country)} if is_day else {})
    connection.execute(_READ.format(found=found), values)


@cache
def _of_codelists(codelists: Path) -> tuple[dict[str, int], dict[str | None, str | None]]:
    """Return the numbers of the words for months, as staging has them, and the zone of each country by its code."""
    staging = codelists.parent / "models" / "staging" / "stg_month_words.sql"
    connection = open_scratch()
    for place in _SEEDS:
        path = codelists / f"{place}.csv"
        connection.execute(
            f"create or replace temp table {path.stem} as from read_csv({literal(str(path))}, all_varchar = true)"
        )
    words = connection.execute(_render(codelists, staging.read_text(encoding="utf-8"))).fetchall()
    zones = connection.execute("select code, time_zone from countries").fetchall()
    return words[0][0], dict(zones)


@cache
def _render(codelists: Path, template: str) -> str:
    from jinja2 import Environment, StrictUndefined

    folder = codelists.parent / "macros" / "typing"
    macros = "".join((folder / name).read_text(encoding="utf-8") for name in _MACROS)
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - what it renders is SQL
    return environment.from_string(macros + template).render(ref=lambda name: name, config=lambda **_: "").strip()
