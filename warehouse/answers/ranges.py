"""Ranges: how amounts that have no sum of their own were read, so that their sender sees a wrong scale or unit."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

from warehouse.answers.answer import FieldRange
from warehouse.questionnaire.definition import Field, Table

# Field of an amount → the columns of its unit; amounts in one unit of the first two add up.
_MEASURED_IN = {
    "value_amount": ("currency_code",),
    "goods_quantity": ("goods_unit_code",),
    **dict.fromkeys(("price_minimum", "price_typical", "price_maximum"), ("currency_code", "price_unit_code")),
}
_ADDED = ("value_amount", "goods_quantity")
# Quantities are shown by drug; degrees are no amounts.
_SHOWN_ELSEWHERE = ("quantity", "latitude", "longitude")


def read_ranges(
    connection: duckdb.DuckDBPyConnection, table: Table, keys: Mapping[str, Sequence[str] | datetime], good: str
) -> dict[str, tuple[FieldRange, ...]]:
    """Return the ranges of each submission's amounts in the rows without errors, by field and unit.

    ``good`` is SQL for the rows of the table without errors, and ``keys`` are the parameters that it takes.
    """
    amounts = [field for field in table.fields if field.type == "number" and field.name not in _SHOWN_ELSEWHERE]
    if not amounts:
        return {}
    parts = " union all ".join(_part(place, field) for place, field in enumerate(amounts))
    rows = connection.execute(
        f"""
        with good as ({good})
        select submission_id, field, unit, values_count, minimum, maximum, total
        from ({parts})
        order by submission_id, place, unit nulls last
        """,
        dict(keys),
    ).fetchall()
    found: dict[str, list[FieldRange]] = {}
    for submission, *values in rows:
        names = ("field", "unit", "values_count", "minimum", "maximum", "total")
        found.setdefault(submission, []).append(FieldRange(**dict(zip(names, values, strict=True))))
    return {submission: tuple(ranges) for submission, ranges in found.items()}


def _part(place: int, field: Field) -> str:
    """Return the SQL of the ranges of one field."""
    name, columns = field.name, _MEASURED_IN.get(field.name)
    unit = f"nullif(concat_ws('/', {', '.join(columns)}), '')" if columns else f"'{field.unit or ''}'"
    # In another order of the rows the last digit of a sum would be another one.
    total = f"fsum({name} order by sheet, source_row)" if name in _ADDED else "null::double"
    return f"""
        select
            submission_id, {place} as place, '{name}' as field, {unit} as unit, count(*) as values_count,
            min({name})::double as minimum, max({name})::double as maximum, {total} as total
        from good where {name} is not null group by submission_id, {unit}"""
