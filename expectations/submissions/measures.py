"""Rules about units and currencies of amounts, and about first and last days."""

from collections.abc import Iterator

from expectations.gate.rules import Rule, rows_where
from expectations.submissions.fields import field_rule
from warehouse.questionnaire.definition import Table
from warehouse.words.catalogue import N_, listed

_PRICES = ("price_typical", "price_minimum", "price_maximum")
_MEASURED_IN = {"currency": (*_PRICES, "value_amount"), "price_unit": _PRICES, "goods_unit": ("goods_quantity",)}
_FIRST_DAYS = {"activity_end_date": "activity_date", "closed_date": "opened_date"}


def measure_rules(table: Table) -> Iterator[Rule]:
    """Yield the rules that amounts have a unit or currency, and that a last day is not before the first."""
    names = {field.name for field in table.fields}
    for field in table.fields:
        if amounts := [name for name in _MEASURED_IN.get(field.name, ()) if name in names]:
            yield field_rule(
                field, "measure_missing", "warning",
                N_(
                    'the cell is empty, so nobody knows what "{amount}" means and it enters no total. Fill in {title}.'
                ),
                constants={"title": listed([field.title])},
                failing=rows_where(
                    f"{field.text_column} is null and {_known(amounts)} is not null",
                    columns=[f"{_known(amounts)} as amount"],
                ),
            )  # fmt: skip
        if field.unit == "%":
            yield field_rule(
                field, "share_below_one", "warning",
                N_('"{value}" was read as {value_pct} percent. Write 62 for 62 %, not 0.62; if it is right, confirm.'),
                failing=rows_where(
                    f"{field.name} > 0 and {field.name} < 1 and right({field.text_column}, 1) not in ('%', '‰')",
                    columns=[f"{field.name} as value_pct"], checked=f"{field.name} is not null",
                ),
            )  # fmt: skip
        if first := _FIRST_DAYS.get(field.name):
            yield field_rule(
                field, "dates_disordered", "error",
                N_('"{value}" is before {first_title} ("{first_text}"). Correct the one that is wrong.'),
                constants={"first_title": listed([table.field(first).title])},
                failing=rows_where(f"{field.name} < {first}", columns=[f"{first}_text as first_text"]),
            )  # fmt: skip


def _known(amounts: list[str]) -> str:
    """Return the SQL of the text of the first amount that is a number."""
    return f"coalesce({', '.join(f'if({amount} is null, null, {amount}_text)' for amount in amounts)})"
