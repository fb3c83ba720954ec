"""Rules about rows that are the total of others or a part of another: nobody is counted twice.

A row is the total of others when it says all together, names a wider class of a codelist than they do, or leaves out an
answer that they give and has exactly the sum of their figures. Such rows are kept out of every figure: see HELD in
warehouse.replies.confirmations.
"""

from collections.abc import Iterator

from expectations.gate.rules import Failing, Rule, query, rows_where
from expectations.submissions.fields import field_rule, is_part
from expectations.submissions.wider_groups import (
    FIGURES,
    GROUPS,
    LEVELLED,
    NAMED_ROWS,
    NO_CHANCE,
    counted_rows,
    figures_shown,
    group_of,
    placed_rows,
    rows_shown,
    rows_with_parts,
    ways_summed,
    wide_columns,
)
from warehouse.questionnaire.definition import Field, Table
from warehouse.words.catalogue import N_

# The groups that leave out what either of two rows leaves out.
_OF_TWO = """
    union select own_masks.submission_id, own_masks.mask | others.mask
    from own_masks inner join own_masks as others on own_masks.submission_id = others.submission_id"""


def total_rules(table: Table) -> Iterator[Rule]:
    """Yield the rules about totals: of tables of events only that of words."""
    coded = [field for field in table.fields if field.codelist]
    for field in coded:
        yield _of_which_rule(field)
    if table.name not in GROUPS:
        for field in coded:
            yield _word_rule(field)
        return
    for field in coded:
        yield _part_rule(table, field)
        yield _alone_rule(table, field)
    yield from _sum_rules(table)


def _says_all(field: Field) -> str:
    """Return the SQL that this is the first field of its row that says all together."""
    return f"split_part(totals_stated, ' ', 1) = '{field.name}'"


def _of_which_rule(field: Field) -> Rule:
    return field_rule(
        field, "row_is_part", "error",
        N_(
            '"{value}" is a part of another row and was not counted beside it, so that nobody counts twice. Send a row '
            "for each part in place of the whole, and choose each answer from the list."
        ),
        failing=rows_where(is_part(field)),
    )  # fmt: skip


def _word_rule(field: Field) -> Rule:
    return field_rule(
        field, "row_is_total", "error",
        N_(
            '"{value}" stands for all together: the row is a total and was not counted. Send the single rows and leave '
            "the total out."
        ),
        failing=rows_where(_says_all(field)),
    )  # fmt: skip


def _part_rule(table: Table, field: Field) -> Rule:
    return field_rule(
        field, "row_is_total", "error",
        N_(
            '"{value}" stands for all together: the row is a total ({own_figures}) and was not counted, as its parts '
            "stand in rows of their own ({part_rows}) and say {part_figures}. Leave the total out; where it is more, "
            "give those who are missing a row of their own."
        ),
        failing=rows_with_parts(table, "totals_stated is not null", _says_all(field), _says_all(field)),
    )  # fmt: skip


def _alone_rule(table: Table, field: Field) -> Rule:
    with_parts = rows_with_parts(table, "totals_stated is not null", _says_all(field)).query
    return field_rule(
        field, "total_alone", "warning",
        N_(
            '"{value}" stands for all together, and no other row gives the parts: the row was counted as if this cell '
            "were empty. If the parts are known, send a row for each of them instead."
        ),
        failing=query(
            f"""
            select sent.* from {{batch}} as sent
            anti join ({with_parts}) as totals using (submission_id, sheet, source_row)
            where {_says_all(field)}""",
            suspects=_says_all(field),
        ),
    )  # fmt: skip


def _sum_rules(table: Table) -> Iterator[Rule]:
    figure = table.field(FIGURES[table.name][0])
    if any(field.codelist in LEVELLED for field in group_of(table)):
        yield field_rule(
            figure, "row_is_wider", "error",
            N_(
                "the row says {own_figures} about a wider class; the rows within it ({part_rows}) say {part_figures}: "
                "it was taken for their total and was not counted, so that nobody counts twice. Leave it out, or write "
                "in it only what no other row counts. If it does so already, write “confirmed” beside it in the return "
                "workbook."
            ),
            failing=rows_with_parts(table, "true", "totals_stated is null and is_wider"),
        )  # fmt: skip
    yield field_rule(
        figure, "row_is_sum", "error",
        N_(
            "the row leaves an answer out or names a wider class, and says {own_figures}, exactly the sum of other "
            "rows ({part_rows}): it was taken for their total and was not counted. Leave it out; if it counts others "
            "than they do, write “confirmed” beside it in the return workbook."
        ),
        failing=rows_with_parts(table, "true", "totals_stated is null and is_sum and not is_wider"),
    )  # fmt: skip
    yield field_rule(
        figure, "row_is_again", "error",
        N_(
            "other rows ({part_rows}) part the same {part_figures} by another answer, so the row was taken for one "
            "that is counted there and was not counted again. Give both answers in one row; if it counts others than "
            "they do, write “confirmed” beside it in the return workbook."
        ),
        failing=rows_counted_again(table),
    )  # fmt: skip


def rows_counted_again(table: Table) -> Failing:
    """Return the rows as failing that part what earlier rows part by another answer, with the same sum: by age, by sex.

    The message may use ``part_rows`` and ``part_figures`` of those before.
    """
    places = range(len(GROUPS[table.name]))
    wide, sums = wide_columns(table), ", ".join(f"sum({name}) as {name}" for name in FIGURES[table.name])
    same = " and ".join(f"before.wide{n} is not distinct from after.wide{n}" for n in places)
    under = " and ".join(f"told.wide{n} is not distinct from again.wide{n}" for n in places)
    equal = " and ".join(f"before.{name} = after.{name}" for name in FIGURES[table.name])
    return query(f"""
        with recursive {counted_rows(table, "true")},
        {placed_rows(table, _OF_TWO)},
        {ways_summed(table)},
        partings as (
            select submission_id, month_date, wide_mask, {wide}, mask, {sums}, count(*) as rows_count,
                list(source_row order by source_row)[:{NAMED_ROWS + 1}] as source_rows
            from told where is_single and totals_stated is null
            group by submission_id, month_date, wide_mask, {wide}, mask
        ),
        again as (
            select after.*, {rows_shown("before.")} as part_rows, {figures_shown(table, "before.")} as part_figures
            from partings as before inner join partings as after
                on before.submission_id = after.submission_id and before.month_date = after.month_date
                and before.wide_mask = after.wide_mask and {same} and {equal}
                and before.mask | after.mask = after.wide_mask
                and before.mask & after.mask not in (before.mask, after.mask)
            where before.source_rows[1] < after.source_rows[1] and least(before.rows_count, after.rows_count) > 1
                and {" + ".join(f"after.{name}" for name in FIGURES[table.name])} >= {NO_CHANCE}
        )
        select any_value(columns(sent.*)), any_value(again.part_rows) as part_rows,
            any_value(again.part_figures) as part_figures
        from {{batch}} as sent
        inner join told using (submission_id, sheet, source_row)
        inner join again
            on told.submission_id = again.submission_id and told.month_date = again.month_date
            and told.wide_mask = again.wide_mask and told.mask = again.mask and {under}
        group by sent.submission_id, sent.sheet, sent.source_row""")
