"""Rules of late rows: dated before the month of their report, they count in their own month, and there once."""

from collections.abc import Iterator

from expectations.gate.rules import Rule, query
from expectations.submissions.fields import field_rule
from warehouse.ledger.rules_in_force import REPORTED, is_late
from warehouse.questionnaire.definition import Field, Table
from warehouse.storage.sql import literal
from warehouse.words.catalogue import N_

# As spreadsheets show a number of twelve digits and more, and as they keep one of sixteen and more.
_RUINED = r"^([0-9][.,][0-9]+[eE][+][0-9]+|[0-9]{15}0+)$"


def is_ruined(key: str) -> str:
    """Return the SQL that a spreadsheet has shortened the number of a record."""
    return f"({key} >= '0' and {key} < ':' and regexp_matches({key}, {literal(_RUINED)}))"


def reported_rule(table: Table, period: Field) -> Rule:
    """Return the rule that a late row does not stand in a report on its month, or on one between, already.

    Two rows are one record when number and drug are the same, or every answer but remarks is. ``audit.spoken_<table>``
    are the rows of the reports that speak: see warehouse.ledger.rules_in_force.open_batch.
    """
    pairs = " union ".join(
        f"""
        select late.submission_id, late.sheet, late.source_row, told.reporting_month, told.source_row as other_row
        from late inner join audit.spoken_{table.name} as told
            on late.country_code = told.country_code and {condition}
        where told.reporting_month >= date_trunc('month', late.{period.name})
            and told.reporting_month < late.reporting_month
        """
        for condition in _same_records(table)
    )
    return field_rule(
        period, REPORTED, "error",
        N_(
            "the same record already stands in row {other_row} of the report on {other_month}, and is counted there. "
            "Delete it here; if it is another, confirm."
        ),
        failing=query(
            f"""
            with late as (select * from {{batch}} where {is_late(period.name)}),
            pairs as ({pairs})
            select
                late.submission_id, late.sheet, late.source_row, any_value(late.{period.text_column}) as
                {period.text_column}, strftime(min(pairs.reporting_month), '%Y-%m') as other_month,
                min_by(other_row, (pairs.reporting_month, other_row)) as other_row
            from late inner join pairs using (submission_id, sheet, source_row)
            group by late.submission_id, late.sheet, late.source_row""",
            suspects=is_late(period.name),
        ),
    )  # fmt: skip


def _same_records(table: Table) -> Iterator[str]:
    """Yield in SQL when the rows ``late`` and ``told`` are one record."""
    # A remark may say that the row is sent again, and a column that no question asked for may number the rows.
    every = [field for field in table.fields if field.name != "notes"]
    yield " and ".join(f"{_answer('late', field)} is not distinct from {_answer('told', field)}" for field in every)
    if table.primary_key:
        key = table.field(table.primary_key).name
        drugs = [f" and late.{field.column} = told.{field.column}" for field in table.fields if field.name == "drug"]
        yield f"upper(late.{key}) = upper(told.{key}){''.join(drugs)} and not {is_ruined(f'late.{key}')}"


def _answer(row: str, field: Field) -> str:
    """Return the SQL of an answer as it was read, however it was written; as sent where it was not read."""
    return f"coalesce({row}.{field.column}::varchar, {row}.{field.text_column})"
