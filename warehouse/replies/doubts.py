"""Doubts: which warnings question how much was seized, until their sender confirms them."""

from warehouse.replies.repeated_findings import REFERENCE
from warehouse.storage.sql import is_one_of

# Rules whose warnings doubt how much was seized: far more than is plausible, or a scale, unit or sum that was read and
# may be another. While such a warning is not confirmed, the quantity is questioned: that of its row, or, where it is
# about a column or what stands above it, that of each row of its sheet.
DOUBTING_ROWS = frozenset({"number_dotted", "quantity_implausible"})
DOUBTING_SHEETS = frozenset({
    "column_scaled", "columns_added", "number_dressed", "number_shortened", "number_unshown", "scale_above",
    "scale_unclear", "unit_above",
})  # fmt: skip
# The query of them, confirmed or not: ``decided_at`` is null for what was found while reading, ``row_doubted`` where
# each row of the sheet is doubted. The models read it as ``ledger.doubts``.
DOUBTS = f"""
select
    submission_id, decided_at, sheet, {REFERENCE} as reference,
    if({is_one_of("rule", sorted(DOUBTING_SHEETS))}, null, findings.source_row) as row_doubted
from raw.findings
where
    severity = 'warning' and table_name = 'seizures' and coalesce(field, 'quantity') in ('quantity', 'unit')
    and {is_one_of("rule", sorted(DOUBTING_ROWS | DOUBTING_SHEETS))}
"""
