"""Raw tables and the ledger of submissions: text exactly as sent, appended and never changed."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby

import duckdb
import orjson

from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.findings.proposal import record_proposal
from warehouse.intake.bulk_landing import canonical_rows
from warehouse.intake.landing import Landing, Reading
from warehouse.ledger.chain import append_entries, create_chain
from warehouse.ledger.in_force import create_arrivals, keep_view
from warehouse.ledger.known_files import again_findings, left_findings, rows_again_findings
from warehouse.ledger.order import revision_findings
from warehouse.ledger.raw_columns import Tables, read_tables, refuse_changed_tables
from warehouse.ledger.receipts import add_copies, choose_new, in_order, positions, receipt_of, tie_findings
from warehouse.questionnaire.definition import Questionnaire, Table, load_questionnaire
from warehouse.replies.confirmations import add_replies
from warehouse.replies.doubts import DOUBTS
from warehouse.storage.database import append_rows, empty_database, transaction

LOGGER = logging.getLogger(__name__)

LEDGER = {
    "submissions": """submission_id varchar primary key, sha256 varchar not null, country_code varchar,
        reporting_month date, received_at timestamp not null, file_name varchar not null, byte_count bigint not null,
        file_format varchar, encoding varchar, delimiter varchar, questionnaire_version varchar,
        revision bigint, language varchar, modified_at timestamp, position bigint, contact varchar,
        unsaid_tables varchar""",
    "copies": """position bigint primary key, submission_id varchar not null, sha256 varchar not null,
        file_name varchar not null, received_at timestamp not null, modified_at timestamp""",
    "landings": """submission_id varchar not null, table_name varchar not null, sheet varchar not null,
        header_row bigint not null, row_count bigint not null""",
    "decisions": """submission_id varchar not null, decided_at timestamp not null, outcome varchar not null,
        rules_version varchar not null, received_count bigint not null, accepted_count bigint not null,
        quarantined_count bigint not null""",
    "answers": "decided_at timestamp primary key, answered_at timestamp not null",
    "findings": """submission_id varchar not null, decided_at timestamp, table_name varchar, sheet varchar,
        source_row bigint, field varchar, severity varchar not null, rule varchar not null, value varchar,
        message varchar not null, template varchar not null, arguments varchar not null, proposal varchar""",
    "replies": """submission_id varchar not null, replied_at timestamp not null, reference varchar not null,
        rule varchar not null, value varchar not null, reply varchar not null, code varchar, sheet varchar,
        source_row bigint""",
    "confirmations": """submission_id varchar not null, decided_at timestamp not null, reference varchar not null,
        reply_submission_id varchar not null, reply_reference varchar not null""",
    "acceptances": """submission_id varchar not null, decided_at timestamp not null, table_name varchar, sheet varchar,
        source_row bigint, rule varchar not null, reference varchar, proposal_submission_id varchar not null,
        proposal_reference varchar not null, proposal varchar not null, reply_submission_id varchar, reply varchar""",
    "repairs": "repaired_at timestamp not null, problem varchar not null",
}

# What a ledger of before has not recorded.
_ADDED = (
    ("submissions", "language varchar"), ("submissions", "modified_at timestamp"), ("submissions", "position bigint"),
    ("submissions", "contact varchar"), ("submissions", "unsaid_tables varchar"), ("replies", "sheet varchar"),
    ("replies", "source_row bigint"), ("findings", "proposal varchar"),
)  # fmt: skip
_ROW = "submission_id varchar not null, sheet varchar not null, source_row bigint not null, extra varchar"


def create_tables(connection: duckdb.DuckDBPyConnection, questionnaire: Questionnaire) -> None:
    """Create what is missing: the ledger and its chain, a raw table per questionnaire table, a column per new field.

    Raises ChangedTableError when somebody has changed a column of them.
    """
    if read_tables(connection) != made_tables(questionnaire):
        _create_missing(connection, questionnaire)
        refuse_changed_tables(connection, made_tables(questionnaire))
        create_chain(connection)
    create_arrivals(connection)
    keep_view(connection, "doubts", DOUBTS, "what doubts quantities")


@cache
def made_tables(questionnaire: Questionnaire) -> Tables:
    """Return the tables of schema raw as they are in an empty warehouse; see warehouse.ledger.raw_columns."""
    with empty_database() as empty:
        _create_missing(empty, questionnaire)
        create_chain(empty)
        return read_tables(empty)


def _create_missing(connection: duckdb.DuckDBPyConnection, questionnaire: Questionnaire) -> None:
    connection.execute("create schema if not exists raw")
    for name, columns in LEDGER.items():
        connection.execute(f"create table if not exists raw.{name} ({columns})")
    for part, column in _ADDED:
        connection.execute(f"alter table raw.{part} add column if not exists {column}")
    found = set(
        connection.execute("select table_name, column_name from duckdb_columns() where schema_name = 'raw'").fetchall()
    )
    known = {table for table, _ in found}
    for table in questionnaire.tables:
        names = [field.name for field in table.fields]
        if table.name not in known:
            fields = "".join(f', "{name}" varchar' for name in names)
            connection.execute(f'create table raw."{table.name}" ({_ROW}{fields})')
        for name in names:
            if table.name in known and (table.name, name) not in found:
                connection.execute(f'alter table raw."{table.name}" add column "{name}" varchar')


def land(
    connection: duckdb.DuckDBPyConnection, readings: Sequence[Reading], questionnaire: Questionnaire
) -> list[Reading]:
    """Append readings to ledger and raw tables in one transaction; returns those that are new, in their order.

    Copies that change nothing are left out; see warehouse.ledger.receipts. Raises RuntimeError, and lands nothing, when
    the database does not hold exactly the rows that were read.
    """
    new, copies = choose_new(connection, readings)
    if new or copies:
        with transaction(connection):
            _append(connection, new, questionnaire)
            add_copies(connection, copies)
    return new


def land_each(
    connection: duckdb.DuckDBPyConnection, readings: Sequence[Reading], questionnaire: Questionnaire
) -> tuple[list[Reading], dict[str, str]]:
    """Land readings together; if the database refuses them, one file at a time, so that none stops another.

    Returns those that are new, and file name → reason of those that could not be landed; see land. Raises
    duckdb.InterruptException when somebody stops it, which says nothing about a file.
    """
    try:
        return land(connection, readings, questionnaire), {}
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, RuntimeError):
        LOGGER.exception(
            "landing %d files together failed; landing each alone", len({receipt_of(one) for one in readings})
        )
    new: list[Reading] = []
    refused: dict[str, str] = {}
    for _, parts in groupby(in_order(readings), receipt_of):
        together = list(parts)
        try:
            new += land(connection, together, questionnaire)
        except duckdb.InterruptException:
            raise
        except (duckdb.Error, RuntimeError) as error:
            refused[together[0].submission.file_name] = f"{type(error).__name__}: {error}"
    return new, refused


def _append(connection: duckdb.DuckDBPyConnection, readings: list[Reading], questionnaire: Questionnaire) -> None:
    submissions = [r.submission for r in readings]
    if not submissions:
        return
    connection.executemany(
        "insert into raw.submissions (submission_id, sha256, country_code, reporting_month, received_at, file_name, "
        "byte_count, file_format, encoding, delimiter, questionnaire_version, revision, language, modified_at, "
        f"position, contact, unsaid_tables) values ({', '.join('?' * 17)})",
        [
            [s.submission_id, s.sha256, s.country_code, s.reporting_month, s.received_at, s.file_name, s.byte_count,
             s.file_format, s.encoding, s.delimiter, s.questionnaire_version, s.revision, s.language, s.modified_at,
             position, s.contact, ", ".join(s.unsaid_tables) or None]
            for s, position in zip(submissions, positions(connection, submissions), strict=True)
        ],
    )  # fmt: skip
    landings = [(r.submission.submission_id, landing) for r in readings for landing in r.landings]
    if landings:
        connection.executemany(
            "insert into raw.landings (submission_id, table_name, sheet, header_row, row_count) values (?, ?, ?, ?, ?)",
            [[sid, part.table_name, part.sheet, part.header_row, part.row_count] for sid, part in landings],
        )
    for table in questionnaire.tables:
        _load(connection, table, [part for _, part in landings if part.table_name == table.name and part.row_count])
    for reading in readings:
        add_replies(connection, reading.submission.submission_id, reading.submission.received_at, reading.replies)
    findings = [finding for r in readings for finding in r.findings]
    findings += tie_findings(submissions) + again_findings(connection, submissions)
    findings += [*revision_findings(connection, submissions), *left_findings(connection, readings)]
    findings += rows_again_findings(connection, submissions)
    add_findings(connection, findings, None)
    append_entries(connection, "submission", [s.submission_id for s in submissions])


def _load(connection: duckdb.DuckDBPyConnection, table: Table, landings: list[Landing]) -> None:
    """Load all canonical files of one table; raises RuntimeError unless all of their rows landed."""
    loaded = 0
    for suffix in (".parquet", ".csv"):
        if paths := [part.path for part in landings if part.path.suffix == suffix]:
            rows = canonical_rows(table, paths)
            row = connection.execute(f'insert into raw."{table.name}" by name {rows}').fetchone()
            loaded += row[0] if row else 0
    expected = sum(part.row_count for part in landings)
    if loaded != expected:
        raise RuntimeError(f"{table.name}: {expected} rows were read and {loaded} landed")


def add_findings(
    connection: duckdb.DuckDBPyConnection, findings: Iterable[Finding], decided_at: datetime | None
) -> None:
    """Append findings; those made while reading a file have no decision yet.

    ``message`` is the finding in English, for readers of the table; ``template`` and ``arguments`` (JSON) are what any
    language is made from, ``proposal`` (JSON) what we proposed.
    """
    questionnaire = load_questionnaire()
    rows = [
        (f.submission_id, decided_at, f.table_name, f.sheet, f.source_row, f.field, f.severity, f.rule, f.value,
         describe_finding(f, "en", questionnaire), f.message, orjson.dumps(f.arguments).decode(),
         record_proposal(f.proposal) if f.proposal else None)
        for f in findings
    ]  # fmt: skip
    texts = ("field", "severity", "rule", "value", "message", "template", "arguments", "proposal")
    columns = {
        "submission_id": "varchar", "decided_at": "timestamp", "table_name": "varchar", "sheet": "varchar",
        "source_row": "bigint", **dict.fromkeys(texts, "varchar"),
    }  # fmt: skip
    append_rows(connection, "raw.findings", columns, rows)
