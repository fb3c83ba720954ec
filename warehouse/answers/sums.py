"""Sums: what we made of the numbers of a submission, table by table, so that its sender sees how they were read."""

from datetime import datetime

import duckdb

from warehouse.answers.answer import DrugSum, FieldSum, TableRead
from warehouse.questionnaire.definition import Questionnaire, Table, Words
from warehouse.words.catalogue import N_, filled_words

UNKNOWN_DRUG = N_("drug not recognised")

_Keys = dict[str, str | datetime]

_BAD = """
select distinct table_name, sheet, source_row
from raw.findings
where submission_id = $submission_id and decided_at = $decided_at and severity = 'error' and source_row is not null
"""

_DRUGS = f"""
with bad as ({_BAD})
select
    sent.drug_code, any_value(drugs.name_en), any_value(drugs.name_ru), count(*), count(sent.quantity),
    fsum(sent.quantity_kg), fsum(sent.quantity_litres), fsum(sent.quantity_count)
from staging.stg_seizures as sent
anti join bad
    on bad.table_name = 'seizures' and sent.sheet = bad.sheet and sent.source_row = bad.source_row
left join seeds.drugs on sent.drug_code = drugs.code
where sent.submission_id = $submission_id
group by sent.drug_code
order by fsum(sent.equivalent_kg) desc nulls last, count(*) desc, sent.drug_code
"""


def read_tables(
    connection: duckdb.DuckDBPyConnection,
    questionnaire: Questionnaire,
    submission_id: str,
    decided_at: datetime,
    *,
    is_accepted: bool,
) -> tuple[TableRead, ...]:
    """Return every table of a submission, in the order of the questionnaire; a rejected one has no accepted rows."""
    keys: _Keys = {"submission_id": submission_id, "decided_at": decided_at}
    received = dict(
        connection.execute(
            "select table_name, sum(row_count)::bigint from raw.landings where submission_id = ? group by all",
            [submission_id],
        ).fetchall()
    )
    bad = dict(
        connection.execute(f"with bad as ({_BAD}) select table_name, count(*) from bad group by all", keys).fetchall()
    )
    tables = []
    for table in questionnaire.tables:
        if table.name not in received:
            continue
        count, bad_count = received[table.name], bad.get(table.name, 0)
        accepted = count - bad_count if is_accepted else 0
        tables.append(
            TableRead(
                table=table.name, received_count=count, accepted_count=accepted, quarantined_count=count - accepted,
                sums=_sums(connection, table, keys) if count else (),
                drugs=_drugs(connection, keys) if count and table.name == "seizures" else (),
            )
        )  # fmt: skip
    return tuple(tables)


def _sums(connection: duckdb.DuckDBPyConnection, table: Table, keys: _Keys) -> tuple[FieldSum, ...]:
    """Add up what is counted; prices, shares and measures of different units have no sum."""
    counted = [field.name for field in table.fields if field.type == "integer" and field.name.endswith("_count")]
    if not counted:
        return ()
    sums = ", ".join(f'sum(sent."{name}")::double' for name in counted)
    row = connection.execute(
        f"""
        with bad as ({_BAD})
        select {sums}
        from staging."stg_{table.name}" as sent
        anti join bad
            on bad.table_name = '{table.name}' and sent.sheet = bad.sheet and sent.source_row = bad.source_row
        where sent.submission_id = $submission_id
        """,
        keys,
    ).fetchone()
    pairs = zip(counted, row or (), strict=False)
    return tuple(FieldSum(field=name, total=total) for name, total in pairs if total is not None)


def _drugs(connection: duckdb.DuckDBPyConnection, keys: _Keys) -> tuple[DrugSum, ...]:
    rows = connection.execute(_DRUGS, keys).fetchall()
    return tuple(
        DrugSum(
            drug_code=code, name=Words(en=english, ru=russian) if code else filled_words(UNKNOWN_DRUG),
            rows_count=count, measured_count=known, quantity_kg=kg, quantity_litres=litres, quantity_count=pieces,
        )
        for code, english, russian, count, known, kg, litres, pieces in rows
    )  # fmt: skip
