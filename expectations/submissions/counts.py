"""Rules of tables of counts: a figure in each row, no group twice, no part above its whole, none above the country."""

from collections.abc import Iterator
from typing import NamedTuple

from expectations.gate.rules import Rule, rows_where
from expectations.submissions.fields import field_rule
from expectations.submissions.totals import total_rules
from expectations.submissions.wider_groups import GROUPS
from warehouse.findings.finding import Severity
from warehouse.questionnaire.definition import Field, Table
from warehouse.words.catalogue import N_

# The figures of a table, of which a row must have at least one.
_FIGURES = {
    "eradication": ("eradicated_hectares", "eradicated_plants_count", "eradicated_sites_count"),
    "exchanges": ("requests_count", "replies_count", "tipoffs_count", "seizures_count"),
    "prices": ("price_typical", "price_minimum", "price_maximum"),
    "throughput": ("travellers_count", "vehicles_count", "wagons_count", "inspections_count"),
}

# The fields that, with the month, identify the group that a row counts.
_GROUPS = {**GROUPS, "blo_register": ("blo_name",)}


class _PartOfWhole(NamedTuple):
    """A count that is part of another: its field, the whole in SQL, severity and message of the finding."""

    name: str
    whole: str
    severity: Severity
    message: str


_PARTS_OF_WHOLES = {
    "equipment": _PartOfWhole(
        "working_count", "equipment_count", "error",
        N_("{value} pieces work, but only {whole} are there. Correct the number that is wrong."),
    ),
    # Only a warning, as a reply may belong to a request of the month before.
    "exchanges": _PartOfWhole(
        "replies_count", "requests_count", "warning",
        N_("{value} of {whole} requests were answered. Count only answers to requests of this row."),
    ),
    "throughput": _PartOfWhole(
        "inspections_count", "travellers_count + coalesce(vehicles_count, 0) + coalesce(wagons_count, 0)", "warning",
        N_(
            "{value} inspections are more than the {whole} persons, vehicles and wagons that crossed. Check both "
            "numbers."
        ),
    ),
}  # fmt: skip


# Persons in contact with the police for drugs: in a whole year, states report fewer than one for 100 inhabitants (UN
# Surveys on Crime Trends, persons in formal contact).
_CONTACTS = ("persons_count", "detained_count")
_INHABITANTS_PER_CONTACT = 100
# The largest of all known years, because not every year of every country is known.
_POPULATION = """
    inner join (
        select country_code as counted_country_code, max(population_count) as inhabitants_count
        from seeds.population
        group by country_code
    ) as population on sent.country_code = counted_country_code"""


def count_rules(table: Table) -> list[Rule]:
    """Return the rules about the counts of a table; none for a table without any."""
    rules = _figure_rules, _group_rules, _part_rules, _population_rules, total_rules
    return [rule for rules_of in rules for rule in rules_of(table)]


def _figure_rules(table: Table) -> Iterator[Rule]:
    if names := _FIGURES.get(table.name):
        yield field_rule(
            table.field(names[0]), "figures_missing", "error",
            N_("the row has no figure. Fill in what is known, or delete the row; write -- if nothing is known."),
            failing=rows_where(f"coalesce({', '.join(f'{name}_text' for name in names)}) is null"),
        )  # fmt: skip


def _group_rules(table: Table) -> Iterator[Rule]:
    """Yield the rule that a group has one row; a row equal to another in every answer fails another rule instead."""
    if names := _GROUPS.get(table.name):
        group = ", ".join(["coalesce(month, reporting_month)", *(_answer(table.field(name)) for name in names)])
        answers = ", ".join([*(field.text_column for field in table.fields), "extra"])
        numbered = f"""
            inner join (
                select
                    submission_id, sheet, source_row,
                    first_value(source_row) over grouped as first_row,
                    row_number() over grouped as nth,
                    row_number() over repeated as nth_repetition
                from sent
                window
                    grouped as (partition by submission_id, {group} order by sheet, source_row),
                    repeated as (partition by submission_id, {answers} order by sheet, source_row)
            ) using (submission_id, sheet, source_row)"""
        yield Rule(
            "group_repeated", "warning",
            N_(
                "row {first_row} is about the same group and has other figures, and both are counted. Add them up in "
                "one row, or correct what sets them apart."
            ),
            failing=rows_where("nth > 1 and nth_repetition = 1", joins=numbered, columns=["first_row"]),
        )  # fmt: skip


def _answer(field: Field) -> str:
    return f"coalesce({field.column}, {field.text_column})"


def _part_rules(table: Table) -> Iterator[Rule]:
    if part := _PARTS_OF_WHOLES.get(table.name):
        yield field_rule(
            table.field(part.name), "part_exceeds_whole", part.severity, part.message,
            failing=rows_where(f"{part.name} > {part.whole}", columns=[f"({part.whole})::bigint as whole"]),
        )  # fmt: skip


def _population_rules(table: Table) -> Iterator[Rule]:
    """Yield the rules that a month has a plausible number of persons for the country.

    A number above the maximum of its field fails another rule instead.
    """
    for field in (field for field in table.fields if field.name in _CONTACTS):
        yield field_rule(
            field, "persons_implausible", "error",
            N_(
                '"{value}" persons in one month are more than one for every {inhabitants} inhabitants of '
                "{country_code}, which has {inhabitants_count}. Correct the number; write -- if it is not known."
            ),
            constants={"inhabitants": _INHABITANTS_PER_CONTACT},
            failing=rows_where(
                f"""{field.name} * {_INHABITANTS_PER_CONTACT} > inhabitants_count
                    and {field.name} <= {field.constraints.maximum:.15g}""",
                joins=_POPULATION,
                columns=["inhabitants_count"],
                suspects=f"{field.name} is not null",
            ),
        )  # fmt: skip
