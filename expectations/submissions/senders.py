"""Rules about a submission as a whole: it comes from the country in whose name it was sent."""

from collections.abc import Iterator

from expectations.gate.rules import Rule, query
from expectations.submissions.fields import field_rule
from warehouse.ledger.in_force import last_decisions
from warehouse.questionnaire.definition import Field, Table
from warehouse.words.catalogue import N_

# Submissions in which, of the rows with a known province, at least three and more than half are in one other country.
_ABROAD = """
    select
        sent.submission_id,
        any_value(sent.country_code) as country_code,
        count(*) as known_count,
        max(abroad_count) as abroad_count,
        arg_max(other_country_code, abroad_count) as other_country_code
    from (
        select
            rows_sent.submission_id, rows_sent.country_code, divisions.country_code as other_country_code,
            if(
                divisions.country_code <> rows_sent.country_code,
                count(*) over (partition by rows_sent.submission_id, divisions.country_code), 0
            ) as abroad_count
        from {relation} as rows_sent
        inner join seeds.subdivisions as divisions on rows_sent.{column} = divisions.code
    ) as sent
    group by sent.submission_id
    having max(abroad_count) >= 3 and 2 * max(abroad_count) > count(*)"""


# Submissions with the same bytes as one of another country that arrived before and counts, or will: it was accepted, or
# it waits for its first decision, was not refused by the reader, and has provinces at home. Forms without rows may
# well be equal, which _copy_rule takes into account.
_COPIES = """
    select own.submission_id, min(others.country_code) as other_country_code
    from (from raw.submissions inner join ledger.arrivals using (submission_id)) as own
    inner join (from raw.submissions inner join ledger.arrivals using (submission_id)) as others
        on own.sha256 = others.sha256 and own.country_code <> others.country_code
        and own.arrival_number > others.arrival_number
    left join ({decisions}) as decided on others.submission_id = decided.submission_id
    where coalesce(decided.outcome, 'accepted') = 'accepted'
        and others.submission_id not in (
            select submission_id from raw.findings
            where decided_at is null and severity = 'error' and table_name is null
        )
        and others.submission_id not in ({abroad})
    group by own.submission_id"""


def sender_rules(table: Table) -> list[Rule]:
    """Return the rules that reject a submission as a whole: their findings name no row."""
    return [*_province_rules(table), _copy_rule(table)]


def sent_from_abroad(column: str) -> str:
    """Return SQL for the submissions that the rule below rejects, so that their rows do not get warnings as well."""
    return _ABROAD.format(relation="sent", column=column)


def _province_rules(table: Table) -> Iterator[Rule]:
    for field in table.fields:
        if field.codelist == "subdivisions":
            abroad = _abroad(field)
            yield field_rule(
                field, "provinces_abroad", "error",
                N_(
                    "{abroad_count} of {known_count} provinces lie in {other_country_code}, not in {country_code}, in "
                    "whose name the file came. Put the file into the folder of its country, or correct the provinces."
                ),
                failing=query(
                    "select '' as sheet, cast(null as bigint) as source_row, "
                    f"null as {field.text_column}, abroad.* from ({abroad}) as abroad "
                    f"where abroad.submission_id not in (select submission_id from ({_copies(table)}))"
                ),
            )  # fmt: skip


def _abroad(field: Field) -> str:
    return _ABROAD.format(relation="(select * from {batch})", column=field.column)


def _copies(table: Table) -> str:
    abroad = [_abroad(field) for field in table.fields if field.codelist == "subdivisions"]
    named = [f"select submission_id from ({one})" for one in abroad] or ["select null where false"]
    return _COPIES.format(decisions=last_decisions(), abroad=" union all ".join(named))


def _copy_rule(table: Table) -> Rule:
    """Return the rule against copies, which fails once per copy: for the first table that has rows."""
    return Rule(
        "copy_of_other_country", "error",
        N_(
            "the same file came from {other_country_code} before. Put the file into the folder of its country; if the "
            "earlier one was wrong, ask the keepers of the warehouse."
        ),
        failing=query(
            f"""
            select
                copies.submission_id, '' as sheet, cast(null as bigint) as source_row, copies.other_country_code
            from ({_copies(table)}) as copies
            where copies.submission_id in (select submission_id from {{batch}}) and '{table.name}' = (
                select min(landings.table_name) from raw.landings as landings
                where landings.submission_id = copies.submission_id and landings.row_count > 0
                    and (landings.submission_id, landings.table_name) not in (
                        select (submission_id, table_name) from raw.findings
                        where decided_at is null and severity = 'error' and table_name is not null
                    )
            )"""
        ),
    )  # fmt: skip
