"""The figures of places in the GIS kit: seizures of the last whole year and of the last 12 months with reports."""

from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.kits.source import CENTRE, Source
from warehouse.storage.sql import identifier, literal

# The drugs that weigh most in the region; every drug stands in the tables of figures.
_DRUGS = ("HEROIN", "OPIUM", "CANNABIS_RESIN", "CANNABIS_HERB", "METHAMPHETAMINE")
_DECIMALS = 6  # beyond a milligram a sum depends on the order in which it was made
_PERIODS = {"year": "", "months": "_12_months"}
_PROVINCE = """coalesce(
    (select drawn_code from gis_drawn where gis_drawn.subdivision_code = mart.subdivision_code),
    mart.subdivision_code)"""
_ROUTE = """coalesce(departure_country_code, 'NOT_ANSWERED') || '-'
    || coalesce(destination_country_code, 'NOT_ANSWERED')"""
_OF_RECORDS = """
    select {place} as place_code, drug_code, 1 as seizures_count, cast(is_presumed_duplicate as integer) as doubles,
        case when not is_presumed_duplicate then quantity_kg end as kg, reporting_month as month_date
    from fct_seizures as mart"""
_OF_COUNTRIES = """
    select country_code as place_code, drug_code, seizures_count, presumed_duplicate_count as doubles,
        quantity_kg_without_duplicates as kg, month_date
    from rpt_seizures_by_month"""


@dataclass(frozen=True)
class _Figures:
    """Where the figures of a kind of places come from: mart by year, code of the place in it, query by month.

    ``is_of_all``: a place is of several states, so that months are shown to those alone who see the records of all.
    """

    by_year: str
    place: str
    by_month: str = _OF_RECORDS
    month_mart: str = "fct_seizures"
    is_of_all: bool = False


_FIGURES: Mapping[str, _Figures] = {
    "countries": _Figures("rpt_seizures_by_year", "country_code", _OF_COUNTRIES, "rpt_seizures_by_month"),
    "provinces": _Figures("rpt_seizures_by_province", _PROVINCE),
    "crossings": _Figures("rpt_seizures_by_border_point", "border_point_code"),
    "routes": _Figures("rpt_routes", _ROUTE, is_of_all=True),
}
# The last month that any state reported; the last year that had ended by then.
_PERIOD = """
    create or replace temp table gis_period as
    select cast(year(last_month + interval 1 month) - 1 as integer) as calendar_year,
        cast(last_month - interval 11 month as date) as months_from, last_day(last_month) as months_to
    from (
        select max(month_date) as last_month from rpt_coverage_by_month
        where table_name = 'seizures' and coverage <> 'missing'
    )"""


def figure_columns() -> list[str]:
    """Return the columns of the tables of figures, but for the place, in their order."""
    return [
        f"{name}{suffix}"
        for suffix in _PERIODS.values()
        for name in ("seizures_count", "presumed_duplicate_count", *(f"{drug.lower()}_kg" for drug in _DRUGS))
    ]


def create_figures(source: Source) -> None:
    """Create gis_period, and for each kind of places whose figures the audience sees a table gis_figures_<kind>.

    Kilograms are without presumed doubles. What nobody weighed, and a place without a seizure that is seen, is null.
    Where an audience sees no months of a place, its figures of 12 months are null.
    """
    source.execute(_PERIOD)
    for kind, figures in _FIGURES.items():
        if figures.by_year in source.marts:
            source.execute(f"create or replace temp table gis_figures_{kind} as {_query(source, figures)}")


def _query(source: Source, figures: _Figures) -> str:
    queries = [
        f"""
        select 'year' as period, {figures.place} as place_code, drug_code, seizures_count,
            presumed_duplicate_count as doubles, quantity_kg_without_duplicates as kg
        from {identifier(figures.by_year)} as mart join gis_period using (calendar_year)"""
    ]
    if figures.month_mart in source.marts and (not figures.is_of_all or source.audience == CENTRE):
        queries.append(f"""
        select 'months' as period, place_code, drug_code, seizures_count, doubles, kg
        from ({figures.by_month.format(place=figures.place)})
        join gis_period on month_date between months_from and months_to""")
    measures = (
        ("seizures_count", "bigint", "seizures_count", "true"),
        ("presumed_duplicate_count", "bigint", "doubles", "true"),
        *((f"{drug.lower()}_kg", "double", "kg", f"drug_code = {literal(drug)}") for drug in _DRUGS),
    )
    sums = [
        f"cast(round(sum({value}) filter (period = {literal(period)} and {condition}), {_DECIMALS}) as {kind}) "
        f"as {name}{suffix}"
        for period, suffix in _PERIODS.items()
        for name, kind, value, condition in measures
    ]
    # A sum of which all rows are held back counts none, and is no zero.
    seen = f"from ({' union all '.join(queries)}) where seizures_count > 0"
    return f"select place_code, {', '.join(sums)} {seen} group by place_code"
