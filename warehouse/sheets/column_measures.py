"""Units and scales that a heading or a number format states: applied to the numbers below, or refused.

A number gets the word of its scale ("1250,5 тыс."), an empty unit gets that of the heading; staging reads both. Where
the heading's unit contradicts the column of units in every row, nobody knows which is right: the column is not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field as dataclass_field, replace
from decimal import Decimal

from warehouse.files.number_formats import NumberFormat
from warehouse.files.sheet import Place, Row, widen
from warehouse.questionnaire.headings import Header
from warehouse.questionnaire.measures import (
    UNITS,
    Measure,
    measure_texts,
    scale_word,
)  # fmt: skip
from warehouse.sheets.remark import ColumnRemark, Remark
from warehouse.sheets.sender import COMPANIONS, Sender
from warehouse.sheets.sheet_scan import SheetScan

_NUMBER = re.compile(r"[+-]?\d[\d\s.,]*")


@dataclass
class _Column:
    """A column of numbers with the measure of its heading, and what its rows showed."""

    place: int
    name: str
    measure: Measure | None
    units: Mapping[str, int | None]
    agreed: int = 0
    scaled: tuple[int, str, int] | None = None
    shortened: tuple[int, str] | None = None
    otherwise: dict[str, tuple[int, str, str]] = dataclass_field(default_factory=dict)
    against: list[tuple[int, str]] = dataclass_field(default_factory=list)


def apply_measures(scan: SheetScan, sender: Sender) -> tuple[SheetScan, list[Remark | ColumnRemark]]:
    """Return the scan with the scales and units of its headings and number formats applied, and what is to be said."""
    header = scan.header
    if header is None:
        return scan, []
    unclear = _unclear(header, sender)
    columns = _measured(header, scan.sheet.formats, sender)
    if not columns:
        return scan, unclear
    rows = [list(row) for row in scan.rows]
    header = _with_unit_columns(header, columns, rows)
    remarks = unclear + [
        remark for column in columns for remark in _apply(column, rows, header, scan.sheet.formats, sender)
    ]
    refused = {column.name: column for column in columns if column.against and not column.agreed}
    sheet = replace(scan.sheet, rows=rows, source=None)
    if refused:
        header = _without(header, refused)
    settled = scan.settled | {header.extra[column.place] for column in refused.values()}
    return replace(
        scan, sheet=sheet, rows=iter(rows), header=header, refused=frozenset(refused), settled=settled
    ), remarks


def _unclear(header: Header, sender: Sender) -> list[Remark | ColumnRemark]:
    texts = [(header.texts.get(column, ""), name) for column, name in header.columns.items()]
    return [
        ColumnRemark("scale_unclear", heading, name, {"stated": stated})
        for heading, name in texts
        if header.table.field(name).is_numeric and (stated := sender.unclear_scale(measure_texts(heading), name))
    ]


def _measured(header: Header, formats: Mapping[Place, NumberFormat], sender: Sender) -> list[_Column]:
    """Return the columns of numbers for which a heading or a format says something."""
    formatted = {column for (index, column) in formats if index > header.index}
    present = {name: column for column, name in header.columns.items()}
    found = []
    for column, name in header.columns.items():
        field = header.table.field(name)
        if not field.is_numeric:
            continue
        measure = sender.measure(measure_texts(header.texts.get(column, "")), name)
        if measure and not measure.power and not COMPANIONS.get(name):
            measure = None
        if measure or column in formatted:
            units = {codelist: present.get(unit) for codelist, unit in COMPANIONS.get(name, {}).items()}
            found.append(_Column(column, name, measure, units))
    return found


def _with_unit_columns(header: Header, columns: list[_Column], rows: list[Row]) -> Header:
    """Add a column for a unit that only the headings state, behind the last one."""
    places = dict(header.columns)
    width = max([len(row) for row in rows] + [column + 1 for column in header.texts])
    for column in columns:
        for codelist in column.measure.codes if column.measure else ():
            if column.units.get(codelist) is None:
                name = COMPANIONS[column.name][codelist]
                place = next((c for c, other in places.items() if other == name), width)
                width += place == width
                places[place] = name
                column.units = {**column.units, codelist: place}
    return replace(header, columns=places)


def _apply(
    column: _Column, rows: list[Row], header: Header, formats: Mapping[Place, NumberFormat], sender: Sender
) -> Iterator[Remark | ColumnRemark]:
    kept = {}
    for index, row in enumerate(rows):
        if index > header.index and column.place < len(row) and _NUMBER.fullmatch(row[column.place].strip()):
            kept[index] = list(row)
            rows[index] = _measured_row(column, index, row, formats.get((index, column.place)), sender)
    heading = header.texts.get(column.place, "")
    if column.against and not column.agreed:
        rows[:] = [kept.get(index, row) for index, row in enumerate(rows)]
        index, unit = column.against[0]
        stated = column.measure.text if column.measure else unit
        yield ColumnRemark("column_contradicted", heading, column.name, {"stated": stated, "unit": unit, "row": index})
    elif column.scaled:
        index, text, power = column.scaled
        yield ColumnRemark("column_scaled", heading, column.name,
                     {"sent": text, "read": _read(text, power), "row": index})  # fmt: skip
    if column.shortened:
        yield Remark(column.shortened[0], "number_shortened", column.shortened[1], column.name)
    for rule, (index, text, added) in column.otherwise.items():
        yield Remark(index, rule, text, column.name, {"added": added})


def _measured_row(column: _Column, index: int, row: Row, shown: NumberFormat | None, sender: Sender) -> Row:
    """Return a row with the scale behind its number, and the unit of the heading where it has none of its own."""
    row, text = list(row), row[column.place].strip()
    by_format = sender.measure([shown.unit], column.name) if shown and shown.unit else None
    measure, power, contradicted = column.measure, 0, None
    for stated in (measure, by_format):
        if stated is None:
            continue
        verdict = _compare(column, row, stated, sender)
        power = max(power, stated.power if verdict is not None else 0)
        contradicted = contradicted or (stated if verdict is False else None)
        if stated is measure:
            column.agreed += verdict is not False
            if verdict is False:
                column.against.append((index, _unit_text(column, row, stated)))
    if shown and (rule := _shown_otherwise(column, shown, is_unit=by_format is not None)):
        column.otherwise.setdefault(rule, (index, text, shown.adds or shown.unit))
    power -= shown.power if shown else 0
    if power < 0:  # the cell shows less than it holds, and less than what the heading says
        column.shortened = column.shortened or (index, text)
    if contradicted:
        row[column.place] = f"{text} {contradicted.unit_text or contradicted.text}"
    elif power > 0:
        row[column.place] = f"{text} {scale_word(power)}"
        column.scaled = column.scaled or (index, text, power)
    return row


def _shown_otherwise(column: _Column, shown: NumberFormat, *, is_unit: bool) -> str | None:
    """Return the rule about a number that its cell hides, or shows beside digits or words that are no unit."""
    if shown.hides:
        return "number_unshown"
    is_dressed = shown.adds or (shown.unit and COMPANIONS.get(column.name))
    return "number_dressed" if is_dressed and not is_unit else None


def _compare(column: _Column, row: Row, stated: Measure, sender: Sender) -> bool | None:
    """Return whether the row's unit is the stated one; None where it holds the scale itself (thousand tablets).

    An empty unit becomes the stated one. One that no list knows has a finding of its own.
    """
    for codelist, code in stated.codes.items():
        place = column.units.get(codelist)
        if place is None:
            continue
        widen(row, place)
        own = sender.code_of(codelist, row[place])
        if not row[place].strip():
            row[place] = _own_text(stated, codelist, code, sender)
        elif codelist == UNITS and stated.power and own == stated.whole:
            return None
        elif own is not None and own != code:
            return False
    return True


def _own_text(stated: Measure, codelist: str, code: str, sender: Sender) -> str:
    return stated.unit_text if sender.code_of(codelist, stated.unit_text) == code else code


def _unit_text(column: _Column, row: Row, stated: Measure) -> str:
    places = (column.units.get(codelist) for codelist in stated.codes)
    return next((row[place] for place in places if place is not None and place < len(row)), "")


def _without(header: Header, refused: Mapping[str, _Column]) -> Header:
    columns = {column: name for column, name in header.columns.items() if name not in refused}
    extra = {**header.extra, **{c.place: header.texts[c.place] for c in refused.values() if c.place in header.texts}}
    return replace(header, columns=columns, extra=extra)


def _read(text: str, power: int) -> str:
    """Return a number that was multiplied, as plain digits; unmultiplied where a comma may mark either."""
    bare = re.sub(r"\s", "", text)
    number = bare.replace(",", ".") if re.fullmatch(r"[+-]?\d+(?:,\d{1,2}|,\d{4,}|\.\d+)?", bare) else None
    return f"{Decimal(number).scaleb(power):f}" if number else f"{text} × {10**power}"
