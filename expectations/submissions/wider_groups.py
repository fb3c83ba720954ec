"""Wider groups: the rows of a table of counts, and which other rows of their submission are parts of what they count.

A group is wider than another if it leaves out an answer that the other gives, or names a wider class of a codelist.
"""

from expectations.gate.rules import Failing, query
from expectations.submissions.fields import is_part, stands_for_all
from warehouse.questionnaire.definition import Field, Table

# The fields that, with the month, identify the group that a row counts, and the figures that add up over groups.
GROUPS = {
    "equipment": ("border_point", "equipment_item", "donor"),
    "exchanges": ("border_point", "counterpart_country", "exchange_direction", "exchange_channel"),
    "persons": ("border_point", "offence", "contact_stage", "sex", "age_group", "citizenship", "main_drug"),
    "staff": ("border_point", "agency", "position_class"),
    "throughput": ("border_point", "crossing_direction"),
}
FIGURES = {
    "equipment": ("equipment_count", "working_count"),
    "exchanges": ("requests_count", "replies_count", "tipoffs_count", "seizures_count"),
    "persons": ("persons_count",),
    "staff": ("staff_female_count", "staff_male_count", "vacancies_count", "departures_count"),
    "throughput": ("travellers_count", "vehicles_count", "wagons_count", "inspections_count"),
}
# Codelists whose entries have wider ones (parent_code), and those of them whose wider entries stand for the rest of
# their class too, as "opiates" does for other opiates: only an exact sum makes a total of such a row.
LEVELLED = {"offences", "drugs"}
_MAY_BE_THE_REST = {"drugs"}
# What an empty answer stands for by the form.
_EMPTY_MEANS = {"contact_stage": "SUSPECTED"}

NAMED_ROWS = 5  # of the parts, in a message
NO_CHANCE = 10  # from here on, a row with the figures of one other row is taken for its total


def group_of(table: Table) -> list[Field]:
    """Return the fields whose answers make the group that a row of the table counts."""
    return [table.field(name) for name in GROUPS[table.name]]


def rows_with_parts(table: Table, submissions: str, condition: str, suspects: str | None = None) -> Failing:
    """Return the rows as failing that have parts and fulfil a condition.

    ``submissions`` is the condition of a row that a submission must have. The other may use ``is_sum`` and
    ``is_wider``; the message may use ``part_rows``, the first of them, ``part_figures`` and ``own_figures``.
    """
    rows = f"""
        with recursive {counted_rows(table, submissions)},
        {placed_rows(table)},
        {ways_summed(table)},
        {_parts(table)},
        {_judged(table)}
        select sent.*, judged.part_rows, judged.part_figures, judged.own_figures
        from {{batch}} as sent
        inner join judged using (submission_id, sheet, source_row)
        where {condition}"""
    return query(rows, suspects=suspects)


def counted_rows(table: Table, submissions: str) -> str:
    """Return the common table expressions of rows with the answers that make their group.

    ``mask`` has a bit for each answer that a row leaves out.
    """
    answers = [_answer(field) for field in group_of(table)]
    columns = ", ".join(f"{answer} as answer{n}" for n, answer in enumerate(answers))
    mask = " + ".join(f"if(answer{n} is null, {1 << n}, 0)" for n in range(len(answers)))
    figures = ", ".join(f"coalesce({name}, 0) as {name}" for name in FIGURES[table.name])
    parts = " or ".join(is_part(field) for field in group_of(table) if field.codelist)
    return f"""
        grouped as (
            select
                submission_id, sheet, source_row, totals_stated, coalesce(month, reporting_month) as month_date,
                {columns}, {figures}
            from {{batch}}
            where submission_id in (select submission_id from {{batch}} where {submissions}) and not ({parts})
        ),
        counted as (select *, {mask} as mask from grouped)"""


def _answer(field: Field) -> str:
    """Return the SQL of the answer that makes a row's group; null if it is left out or says all together."""
    if not field.codelist:
        return f"lower(trim({field.column}))"
    empty = f"'{_EMPTY_MEANS[field.name]}'" if field.name in _EMPTY_MEANS else "null"
    given = f"coalesce({field.column}, {field.text_column}, {empty})"
    is_left_out = f"{field.column} in (select code from seeds.missing_values where fact_code is null)"
    return f"if({stands_for_all(field)} or {is_left_out}, null, {given})"


def placed_rows(table: Table, more_masks: str = "") -> str:
    """Return the common table expressions of rows below every group, of those that there may be, that is wider."""
    group = group_of(table)
    levelled = [n for n, field in enumerate(group) if field.codelist in LEVELLED]
    answers = [
        f"coalesce(level{n}.wider_code, answer{n})" if n in levelled else f"answer{n}" for n in range(len(group))
    ]
    wider = ", ".join(f"if(wide.mask & {1 << n} > 0, null, {answer}) as wide{n}" for n, answer in enumerate(answers))
    steps = {n: f"if(wide.mask & {1 << n} > 0, 0, coalesce(level{n}.steps, 0))" for n in levelled}
    rest = [steps[n] for n in levelled if group[n].codelist in _MAY_BE_THE_REST]
    joins = "".join(
        f" left join level{n} on counted.answer{n} = level{n}.code and (level{n}.steps = 0 or wide.mask & {1 << n} = 0)"
        for n in levelled
    )
    levels = "".join(f"{levels_of(str(group[n].codelist), f'level{n}')},\n        " for n in levelled)
    return f"""
        {levels}own_masks as (select distinct submission_id, mask from counted),
        masks as (from own_masks {more_masks}),
        placed as (
            select counted.*, wide.mask as wide_mask, {" + ".join(rest or ["0"])} as rest_steps, {wider}
            from counted
            inner join masks as wide
                on counted.submission_id = wide.submission_id and counted.mask & wide.mask = counted.mask
            {joins}
            where wide.mask <> counted.mask or {" + ".join([*steps.values(), "0"])} > 0
        )"""


def levels_of(codelist: str, name: str) -> str:
    """Return a recursive common table expression of a codelist: code, each of its wider ones, and steps up to it."""
    return f"""{name} as (
            select code, code as wider_code, 0 as steps from seeds.{codelist}
            union all
            select {name}.code, entries.parent_code, {name}.steps + 1
            from {name} inner join seeds.{codelist} as entries on {name}.wider_code = entries.code
            where entries.parent_code <> ''
        )"""


def ways_summed(table: Table) -> str:
    """Return the common table expressions of what is below wider groups, summed in several ways.

    These are: the rows that leave out the same answers, all rows, and those that are no total themselves.
    """
    places = range(len(GROUPS[table.name]))
    wide = wide_columns(table)
    is_own = " and ".join(f"placed.answer{n} is not distinct from wider.wide{n}" for n in places)
    sums = ", ".join(f"sum({name}) as {name}" for name in FIGURES[table.name])
    return f"""
        wider as (select distinct submission_id, month_date, wide_mask, {wide} from placed),
        told as (
            select placed.*, wider.submission_id is null as is_single
            from placed
            left join wider
                on placed.submission_id = wider.submission_id and placed.month_date = wider.month_date
                and placed.mask = wider.wide_mask and {is_own}
        ),
        ways as (
            select
                submission_id, month_date, wide_mask, {wide}, way, count(*) as rows_count, {sums},
                list(source_row order by source_row)[:{NAMED_ROWS + 1}] as source_rows
            from (
                select *, unnest([
                    mask::varchar, 'all', if(is_single, 'single', null),
                    if(is_single and mask = wide_mask and rest_steps = 0, 'within', null)
                ]) as way
                from told
            )
            where way is not null
            group by submission_id, month_date, wide_mask, {wide}, way
        )"""


def wide_columns(table: Table) -> str:
    """Return the columns of the answers of a wider group."""
    return ", ".join(f"wide{n}" for n in range(len(GROUPS[table.name])))


def _parts(table: Table) -> str:
    """Return the common table expression of wider groups, one row each with the sums of all ways."""
    wide = wide_columns(table)
    packed = ", ".join(f"{name} := {name}" for name in FIGURES[table.name])
    return f"""
        parts as (
            select
                submission_id, month_date, wide_mask, {wide},
                list(struct_pack(way := way, rows_count := rows_count, {packed})) as ways,
                any_value({rows_shown()}) filter (way = 'single') as part_rows,
                any_value({figures_shown(table)}) filter (way = 'single') as part_figures
            from ways
            group by submission_id, month_date, wide_mask, {wide}
        )"""


def _judged(table: Table) -> str:
    """Return the common table expression of rows with what is below them: whether they are its sum, or wider."""
    figures = FIGURES[table.name]
    same = " and ".join(f"counted.answer{n} is not distinct from parts.wide{n}" for n in range(len(GROUPS[table.name])))
    equal = " and ".join(f"part.{name} = counted.{name}" for name in figures)
    covers = " and ".join(f"part.{name} <= counted.{name}" for name in figures)
    any_figure = " + ".join(f"counted.{name}" for name in figures)
    return f"""
        judged as (
            select
                counted.submission_id, counted.sheet, counted.source_row, parts.part_rows, parts.part_figures,
                {figures_shown(table, "counted.")} as own_figures,
                -- Zeros say nothing, and small numbers of two rows are equal by chance.
                {any_figure} > 0 and len(list_filter(
                    parts.ways,
                    lambda part: (part.rows_count > 1 or {any_figure} >= {NO_CHANCE}) and {equal}
                )) > 0 as is_sum,
                len(list_filter(parts.ways, lambda part: part.way = 'within' and {covers})) > 0 as is_wider
            from counted
            inner join parts
                on counted.submission_id = parts.submission_id and counted.month_date = parts.month_date
                and counted.mask = parts.wide_mask and {same}
        )"""


def figures_shown(table: Table, of: str = "") -> str:
    """Return the SQL of the figures of a row, as a message shows them."""
    return f"array_to_string([{', '.join(f'{of}{name}::bigint' for name in FIGURES[table.name])}], ', ')"


def rows_shown(of: str = "") -> str:
    """Return the SQL of the first source rows of parts, as a message names them."""
    first = f"array_to_string({of}source_rows[:{NAMED_ROWS}], ', ')"
    return f"if(len({of}source_rows) > {NAMED_ROWS}, {first} || ' …', {first})"
