"""How the figures of a year were made, and how far they can be relied on: in sentences, from what the release knows."""

from collections.abc import Iterator

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import is_unknown, percent, quantity
from warehouse.words.catalogue import N_

_QUERY = """
    select drug_code, seizures_count, known_quantity_count, presumed_duplicate_count, held_back_count,
        questioned_kg_without_duplicates as questioned_kg
    from rpt_region_by_year where calendar_year = {year} order by drug_code"""
_WEIGHT = N_(
    "Kilograms are bulk weight, without adjustment for purity. Litres stay litres, and tablets and other pieces are "
    "counted. Different drugs are not added up."
)
_COMPARED = N_("A change is told over the states alone of which all months of both years are known.")
_KNOWN = N_("Seizures with a known quantity: {pct}.")
_PART = N_("Rows are held back, so that figures are a part: {drugs}.")
_QUESTIONED = N_("Questioned and not confirmed: {listed}.")


def method_sentences(edition: Edition, year: int) -> Iterator[str]:
    """Yield how the figures are made, and what of the year is double, not known, held back or questioned."""
    yield edition.say(_WEIGHT)
    yield edition.say(_COMPARED)
    frame = edition.ask(_QUERY.format(year=year))
    if doubles := int(frame["presumed_duplicate_count"].sum()):
        yield edition.ngettext(
            "Kilograms and litres leave out {count} seizure that another report presumably tells too.",
            "Kilograms and litres leave out {count} seizures that other reports presumably tell too.",
            doubles,
        )
    if seizures := int(frame["seizures_count"].sum()):
        known = 100 * int(frame["known_quantity_count"].sum()) / seizures
        yield edition.say(_KNOWN, pct=percent(known, edition.language))
    if parts := [edition.name("drugs", code) for code in frame.loc[frame["held_back_count"] > 0, "drug_code"]]:
        yield edition.say(_PART, drugs=", ".join(parts))
    questioned = [
        f"{edition.name('drugs', code)} {quantity(kg, 'kg', edition.language)}"
        for code, kg in zip(frame["drug_code"], frame["questioned_kg"], strict=True)
        if not is_unknown(kg) and kg > 0
    ]
    if questioned:
        yield edition.say(_QUESTIONED, listed=", ".join(questioned))
