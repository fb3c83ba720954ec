"""Two marts made by hand, the ledger behind them and the results of a gate: what a release is made from."""

from pathlib import Path

import duckdb

from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire

MARTS = """
create schema if not exists marts;
create or replace table marts.fct_seizures (
    seizure_id varchar primary key, country_code varchar not null, place varchar, quantity_kg double,
    decided_at timestamp, is_large boolean, amount decimal(10, 3), submission_id varchar
);
create or replace table marts.rpt_seizures_by_month (
    country_code varchar, month_date date, drug_code varchar, seizures_count bigint, quantity_kg double,
    primary key (country_code, month_date, drug_code)
);
insert into marts.fct_seizures values
    ('s2', 'KAZ', '=cmd|'' /c calc''!A1', 0.1, '2012-04-01 10:00:00.5', true, 1.5, 'sub2'),
    ('s1', 'UZB', 'Сурхандарья; -2', null, null, false, null, 'sub1');
insert into marts.rpt_seizures_by_month values
    ('UZB', '2012-03-01', 'heroin', 1, null), ('KAZ', '2012-03-01', 'heroin', 1, 0.1);
comment on table marts.fct_seizures is 'One row per seizure: the state''s own words
';
comment on column marts.fct_seizures.quantity_kg is 'Bulk mass in kg';
"""

SUBMISSIONS = """
insert into raw.submissions by name
    select 'sub' || i as submission_id, 'sha' || i as sha256, if(i = 1, 'UZB', 'KAZ') as country_code,
        date '2012-03-01' as reporting_month, timestamp '2012-04-01' as received_at, 'file' || i || '.csv' as file_name,
        10 as byte_count, '1' as questionnaire_version
    from range(1, 4) as numbers (i);
insert into raw.decisions values
    ('sub1', '2012-04-02', 'accepted', 'rules-a', 1, 1, 0), ('sub1', '2012-05-02', 'rejected', 'rules-b', 1, 0, 1),
    ('sub2', '2012-04-02', 'accepted', 'rules-a', 1, 1, 0);
"""


def make_marts(connection: duckdb.DuckDBPyConnection) -> None:
    create_tables(connection, load_questionnaire())
    connection.execute(SUBMISSIONS)
    connection.execute(MARTS)


def change(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update marts.rpt_seizures_by_month set seizures_count = seizures_count + 1")


def make_gate(folder: Path) -> Path:
    folder.mkdir()
    (folder / "results.json").write_text('{"success": true, "waivers": []}\n')
    (folder / "index.html").write_text("<p>passed</p>\n")
    return folder
