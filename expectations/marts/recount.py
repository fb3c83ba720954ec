"""What gate 1 accepted, counted again from raw and not from the models that gate 2 judges."""

from datetime import date


def accepted_from_raw(table: str, as_of: date | None) -> str:
    """Return common table expressions about a table of the form, as known at the end of a day or now.

    ``in_force`` holds submission_id and decided_at of the submissions in force, ``wrong`` the rows (submission_id,
    sheet, source_row) that the decision in force found wrong.
    """
    known = f"{{}} < date '{as_of}' + interval 1 day" if as_of else "{} is not null"
    return f"""
        decided as (
            select submission_id, decided_at, outcome
            from raw.decisions
            where {known.format("decided_at")}
            qualify row_number() over (partition by submission_id order by decided_at desc) = 1
        ),
        in_force as (
            select submission_id, decided_at
            from decided
            inner join raw.submissions using (submission_id)
            where outcome = 'accepted' and {known.format("received_at")}
                and submission_id in (select submission_id from raw.landings where table_name = '{table}')
            qualify row_number() over (
                partition by country_code, reporting_month order by received_at desc, file_name desc
            ) = 1
        ),
        wrong as (
            select distinct submission_id, sheet, source_row
            from raw.findings
            inner join in_force using (submission_id, decided_at)
            where severity = 'error' and table_name = '{table}' and source_row is not null
        )"""
