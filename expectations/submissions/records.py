"""Rules of every table: the period of its rows, repeated rows, and the country of places."""

from collections.abc import Iterator

from expectations.gate.rules import Failing, Rule, rows_where
from expectations.submissions.fields import field_rule
from expectations.submissions.late_rows import is_ruined, reported_rule
from expectations.submissions.senders import sent_from_abroad
from warehouse.ledger.rules_in_force import LATE_MONTHS, is_late
from warehouse.questionnaire.definition import Field, Table
from warehouse.words.catalogue import N_, in_every_language


def record_rules(table: Table) -> list[Rule]:
    """Return the rules about period, repetition and places that apply to any table of the questionnaire."""
    period = table.field(table.period)
    late = [reported_rule(table, period)] if period.type == "date" else []
    return [*_period_rules(period), *late, *_repetition_rules(table), *_place_rules(table)]


def _period_rules(period: Field) -> Iterator[Rule]:
    name = period.name
    # The time of receipt is UTC; local time is up to 14 hours ahead of it.
    in_future = f"{name} > cast(received_at + interval 14 hour as date)" if period.type == "date" else "false"
    late = f" and not {is_late(name)}" if period.type == "date" else ""
    receipt = "inner join (select submission_id, received_at from raw.submissions) using (submission_id)"
    outside = f"date_trunc('month', {name}) <> reporting_month and {name}_problem is null"
    yield field_rule(
        period, "date_outside_period", "error",
        N_(
            '"{value}" lies outside the reporting month {month_shown}{exchanged}. Correct it, or send the row with its '
            "own month."
        ),
        failing=rows_where(
            f"{outside} and not {in_future}{late}",
            joins=receipt,
            columns=["strftime(sent.reporting_month, '%Y-%m') as month_shown", _hint(period)],
            suspects=outside,
        ),
    )  # fmt: skip
    if period.type == "date":
        yield field_rule(
            period, "date_in_future", "error",
            N_('"{value}" is later than {received_date}, the day on which the file came. Correct the date.'),
            failing=rows_where(
                f"{name}_problem is null and {in_future}",
                joins=f"{receipt} {_ZONES}",
                columns=["cast(timezone(zone, timezone('UTC', received_at)) as date) as received_date"],
            ),
        )  # fmt: skip


_ZONES = """
    left join (select code, coalesce(nullif(time_zone, ''), 'UTC') as zone from seeds.countries) as zones
        on sent.country_code = zones.code"""


def _ruined_rule(key: Field) -> Rule:
    return field_rule(
        key, "number_ruined", "warning",
        N_(
            'the spreadsheet has shortened this number: "{value}" is all that is left of it. Set the column to "Text", '
            "enter the numbers again and send the file anew."
        ),
        failing=rows_where(is_ruined(key.name), checked=f"{key.name} is not null"),
    )  # fmt: skip


_EXCHANGED = N_("; with day and month exchanged it is {day}, which lies in it")
_OTHER_YEAR = N_("; with the year {year} it lies in it")
_TOO_LATE = N_(", more than {months} months before it")


def _hint(period: Field) -> str:
    """Return the SQL column ``exchanged`` that hints at what is probably meant, in every language; '' without a hint.

    That is the day with day and month exchanged, or the same day in the year of the report.
    """
    if period.type != "date":
        return "{'en': '', 'ru': ''} as exchanged"
    name = period.name
    exchanged = in_every_language(_EXCHANGED, day=f"' || strftime({name}_exchanged, '%Y-%m-%d') || '")
    other_year = in_every_language(_OTHER_YEAR, year="' || year(sent.reporting_month) || '")
    too_late = in_every_language(_TOO_LATE, months=LATE_MONTHS)
    hints = ", ".join(
        f"""'{language}': case
            when {name}_exchanged is not null then '{exchanged[language]}'
            when month({name}) = month(sent.reporting_month) then '{other_year[language]}'
            when {name} < sent.reporting_month then '{too_late[language]}'
            else ''
        end"""
        for language in exchanged
    )
    return f"{{{hints}}} as exchanged"


def _repetition_rules(table: Table) -> Iterator[Rule]:
    numbered = "true"
    if table.primary_key:
        key = table.field(table.primary_key)
        # A seizure of several drugs has a row for each of them, under the same number.
        drugs = [f"coalesce({field.column}, {field.text_column})" for field in table.fields if field.name == "drug"]
        message = (
            N_(
                '"{value}" already stands in row {first_row}, for the same drug. Give each record a number of its own, '
                "or delete the row that repeats."
            )
            if drugs
            else N_(
                '"{value}" already stands in row {first_row}. Give each record a number of its own, or delete the row '
                "that repeats."
            )
        )
        numbered = f"{key.name} is null"
        yield field_rule(
            key, "record_repeated", "error", message,
            failing=_repeated([key.name, *drugs], f"{key.name} is not null and not {is_ruined(key.name)}"),
        )  # fmt: skip
        yield _ruined_rule(key)
    yield Rule(
        "row_repeated",
        "warning",
        N_("the row repeats row {first_row} in every answer. Delete it if it is the same event; if not, leave it."),
        failing=_repeated([*(field.text_column for field in table.fields), "extra"], numbered),
    )


def _repeated(columns: list[str], condition: str) -> Failing:
    """Return the rows as failing that are equal in ``columns`` to an earlier one of their submission.

    ``condition`` is SQL for the rows that are compared; ``first_row`` is the number of the earlier row.
    """
    numbered = f"""
        inner join (
            select
                submission_id, sheet, source_row,
                first_value(source_row) over same as first_row,
                row_number() over same as nth
            from sent
            where {condition}
            window same as (partition by submission_id, {", ".join(columns)} order by sheet, source_row)
        ) using (submission_id, sheet, source_row)"""
    return rows_where("nth > 1", joins=numbered, columns=["first_row"])


def _place_rules(table: Table) -> Iterator[Rule]:
    for field in table.fields:
        if field.codelist == "subdivisions":
            yield _subdivision_rule(field)
        if field.codelist == "border_points":
            yield _border_point_rule(field)


def _subdivision_rule(field: Field) -> Rule:
    """Return a warning only, because a controlled delivery ends abroad; for many rows of a file see sender_rules."""
    return field_rule(
        field, "subdivision_foreign", "warning",
        N_('"{value}" lies in {division_country_code}, not in {country_code}. Correct it; if it is right, leave it.'),
        failing=rows_where(
            "divisions.division_country_code <> sent.country_code "
            f"and sent.submission_id not in (select submission_id from ({sent_from_abroad(field.column)}))",
            joins=f"""
                inner join (
                    select code, country_code as division_country_code from seeds.subdivisions
                ) as divisions on sent.{field.column} = divisions.code""",
            columns=["divisions.division_country_code"],
            suspects=f"{field.column} is not null",
        ),
    )  # fmt: skip


# The crossing point on the reporting side, in every language; '' where the foreign one leads to another country.
_COUNTERPART = """if(
    points.neighbour_country_code = sent.country_code,
    {
        'en': coalesce(': ' || points.counterpart_name_en, ''),
        'ru': coalesce(': ' || coalesce(points.counterpart_name_ru, points.counterpart_name_en), '')
    },
    {'en': '', 'ru': ''}
) as counterpart"""


def _border_point_rule(field: Field) -> Rule:
    return field_rule(
        field, "border_point_foreign", "warning",
        N_(
            '"{value}" lies in {point_country_code}, not in {country_code}. Name the crossing point on your own '
            "side{counterpart}."
        ),
        failing=rows_where(
            "points.point_country_code <> sent.country_code",
            joins=f"""
                inner join (
                    select code, country_code as point_country_code, neighbour_country_code, counterpart_name_en,
                        counterpart_name_ru
                    from seeds.border_points
                ) as points on sent.{field.column} = points.code""",
            columns=[
                "points.point_country_code",
                _COUNTERPART,
            ],
            suspects=f"{field.column} is not null",
        ),
    )  # fmt: skip
