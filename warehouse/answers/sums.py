"""Sums: what we made of the numbers of a submission, table by table, so that its sender sees how they were read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

from warehouse.answers.answer import DrugSum, FieldSum, LateRows, TableRead
from warehouse.answers.ranges import read_ranges
from warehouse.ledger.in_force import REJECTED_TABLES
from warehouse.ledger.rules_in_force import dated_tables, is_late
from warehouse.questionnaire.codelists import KNOWN_DRUG
from warehouse.questionnaire.definition import Table, Words, load_questionnaire
from warehouse.words.catalogue import N_, filled_words

UNKNOWN_DRUG = N_("drug not recognised")

MAX_LATE_NAMED = 20  # late rows of a table and month whose numbers are told

_Keys = dict[str, Sequence[str] | datetime]

_BAD = """
select distinct submission_id, table_name, sheet, source_row
from raw.findings
where submission_id in $submissions and decided_at = $decided_at and severity = 'error' and source_row is not null
"""


def _good(table: str) -> str:
    """Return the SQL of the rows of a table without errors, as they were typed."""
    return f"""
    select sent.*
    from staging."stg_{table}" as sent
    anti join ({_BAD}) as bad
        on bad.table_name = '{table}' and sent.submission_id = bad.submission_id
        and sent.sheet = bad.sheet and sent.source_row = bad.source_row
    where sent.submission_id in $submissions
    """


def _in_order(unit: str) -> str:
    """Return the sum of a quantity; in another order of the rows its last digit would be another one."""
    return f"fsum(sent.quantity_{unit} order by sent.sheet, sent.source_row)"


_DRUGS = f"""
select
    sent.submission_id, {KNOWN_DRUG} as known_drug_code, any_value(drugs.name_en), any_value(drugs.name_ru), count(*),
    count(sent.quantity), {_in_order("kg")}, {_in_order("litres")}, {_in_order("count")}
from ({_good("seizures")}) as sent
left join seeds.drugs on {KNOWN_DRUG} = drugs.code
group by sent.submission_id, known_drug_code
order by sent.submission_id, fsum(sent.equivalent_kg) desc nulls last, count(*) desc, known_drug_code
"""


def read_tables(
    connection: duckdb.DuckDBPyConnection,
    outcomes: Mapping[str, str],
    decided_at: datetime,
) -> dict[str, tuple[TableRead, ...]]:
    """Return the tables of each submission, in the order of the questionnaire; rejected ones have no accepted rows.

    ``outcomes`` maps the submissions to what was decided on them at that time. Among them are tables that were rejected
    beside others because they could not be read.
    """
    if not outcomes:
        return {}
    questionnaire = load_questionnaire()
    keys: _Keys = {"submissions": list(outcomes), "decided_at": decided_at}
    received, bad, rejected = _received(connection, keys), _bad(connection, keys), _rejected(connection, keys)
    for submission, table in rejected:
        if outcomes[submission] == "accepted":
            received.setdefault(submission, {}).setdefault(table, 0)
    sent = {table for tables in received.values() for table, count in tables.items() if count}
    sums = {table.name: _sums(connection, table, keys) for table in questionnaire.tables if table.name in sent}
    ranges = {t.name: read_ranges(connection, t, keys, _good(t.name)) for t in questionnaire.tables if t.name in sent}
    late = {table.name: _late_rows(connection, table, keys) for table in dated_tables() if table.name in sent}
    drugs = {"seizures": _drugs(connection, keys)} if "seizures" in sent else {}

    def read(submission: str, table: str) -> TableRead:
        count = received[submission][table]
        is_used = outcomes[submission] == "accepted" and (submission, table) not in rejected
        accepted = count - bad.get((submission, table), 0) if is_used else 0
        return TableRead(
            table=table, outcome="accepted" if is_used else "rejected",
            received_count=count, accepted_count=accepted, quarantined_count=count - accepted,
            sums=sums.get(table, {}).get(submission, ()), ranges=ranges.get(table, {}).get(submission, ()),
            drugs=tuple(drugs.get(table, {}).get(submission, ())),
            late=tuple(late.get(table, {}).get(submission, ())) if is_used else (),
        )  # fmt: skip

    return {
        submission: tuple(read(submission, table.name) for table in questionnaire.tables if table.name in tables)
        for submission, tables in ((submission, received.get(submission, {})) for submission in outcomes)
    }


def _received(connection: duckdb.DuckDBPyConnection, keys: _Keys) -> dict[str, dict[str, int]]:
    rows = connection.execute(
        "select submission_id, table_name, sum(row_count)::bigint from raw.landings "
        "where submission_id in $submissions group by all",
        {"submissions": keys["submissions"]},
    ).fetchall()
    received: dict[str, dict[str, int]] = {}
    for submission, table, count in rows:
        received.setdefault(submission, {})[table] = count
    return received


def _bad(connection: duckdb.DuckDBPyConnection, keys: _Keys) -> dict[tuple[str, str], int]:
    sql = f"with bad as ({_BAD}) select submission_id, table_name, count(*) from bad group by all"
    return {(submission, table): count for submission, table, count in connection.execute(sql, keys).fetchall()}


def _rejected(connection: duckdb.DuckDBPyConnection, keys: _Keys) -> set[tuple[str, str]]:
    """Return (submission, table) of what the decisions reject as a whole."""
    sql = f"from ({REJECTED_TABLES}) where submission_id in $submissions and decided_at = $decided_at"
    return {(submission, table) for submission, _, table in connection.execute(sql, keys).fetchall()}


def _sums(connection: duckdb.DuckDBPyConnection, table: Table, keys: _Keys) -> dict[str, tuple[FieldSum, ...]]:
    """Add up what is counted; prices, shares and measures of different units have ranges."""
    counted = [field.name for field in table.fields if field.type == "integer" and field.name.endswith("_count")]
    if not counted:
        return {}
    sums = ", ".join(f'sum(sent."{name}")::double' for name in counted)
    rows = connection.execute(
        f"""
        select sent.submission_id, {sums}
        from ({_good(table.name)}) as sent
        group by sent.submission_id
        """,
        keys,
    ).fetchall()
    return {
        submission: tuple(
            FieldSum(field=name, total=total) for name, total in zip(counted, totals, strict=True) if total is not None
        )
        for submission, *totals in rows
    }


def _late_rows(connection: duckdb.DuckDBPyConnection, table: Table, keys: _Keys) -> dict[str, list[LateRows]]:
    """Return the rows of each submission that count in an earlier month, by month."""
    late: dict[str, list[LateRows]] = {}
    for submission, month, count, rows in connection.execute(
        f"""
        select
            sent.submission_id, date_trunc('month', sent.{table.period})::date as month, count(*),
            list(sent.source_row order by sent.sheet, sent.source_row)[:{MAX_LATE_NAMED}]
        from ({_good(table.name)}) as sent
        where {is_late(table.period)}
        group by all
        order by sent.submission_id, month
        """,
        keys,
    ).fetchall():
        late.setdefault(submission, []).append(LateRows(month=month, rows_count=count, source_rows=tuple(rows)))
    return late


def _drugs(connection: duckdb.DuckDBPyConnection, keys: _Keys) -> dict[str, list[DrugSum]]:
    drugs: dict[str, list[DrugSum]] = {}
    for submission, code, english, russian, count, known, kg, litres, pieces in connection.execute(
        _DRUGS, keys
    ).fetchall():
        drugs.setdefault(submission, []).append(
            DrugSum(
                drug_code=code, name=Words(en=english, ru=russian) if code else filled_words(UNKNOWN_DRUG),
                rows_count=count, measured_count=known, quantity_kg=kg, quantity_litres=litres, quantity_count=pieces,
            )
        )  # fmt: skip
    return drugs
