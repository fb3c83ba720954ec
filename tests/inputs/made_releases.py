"""Releases made by hand: submissions with their rows, and the marts that SQL makes of those in force."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse.releases.catalogue import Release
from warehouse.storage.durable import file_sha256

MARTS = """
create table fct_seizures (
    seizure_id varchar primary key, country_code varchar, drug_code varchar, unit_code varchar, record_id varchar,
    quantity double, quantity_kg double, conversion_id varchar, reporting_month date, submission_id varchar,
    sheet varchar, source_row bigint
);
create table rpt_submissions (
    submission_id varchar, table_name varchar, country_code varchar, file_name varchar, outcome varchar,
    is_current boolean, accepted_count bigint, reporting_month date, primary key (submission_id, table_name)
);
create table rpt_seizures_by_month (
    country_code varchar, month_date date, drug_code varchar, seizures_count bigint, known_quantity_count bigint,
    known_quantity_pct double, quantity_kg double, reporting_countries_count bigint,
    primary key (country_code, month_date, drug_code)
);
create table rpt_seizures_by_drug (drug_code varchar primary key, seizures_count bigint, quantity_kg double);
create table rpt_seizures_by_year (
    country_code varchar, calendar_year bigint, seizures_count bigint, quantity_kg double, median_kg double,
    primary key (country_code, calendar_year)
);
create table rpt_seizures_by_size (
    country_code varchar, size_code varchar, seizures_count bigint, primary key (country_code, size_code)
);
create table dim_drugs (drug_code varchar primary key, name_en varchar);
"""

SUMMED = """
insert into rpt_seizures_by_month
select country_code, reporting_month, coalesce(drug_code, 'NOT_ANSWERED'), count(*), count(quantity),
    100.0 * count(quantity) / count(*), sum(quantity_kg order by seizure_id), (
        select count(distinct country_code) from rpt_submissions
        where is_current and reporting_month = facts.reporting_month
    )
from fct_seizures as facts
group by all;
insert into rpt_seizures_by_drug
select coalesce(drug_code, 'NOT_ANSWERED'), count(*), sum(quantity_kg order by seizure_id)
from fct_seizures
group by all;
insert into rpt_seizures_by_year
select country_code, year(reporting_month), count(*), sum(quantity_kg order by seizure_id), median(quantity_kg)
from fct_seizures
group by all;
insert into rpt_seizures_by_size
select country_code, if(quantity_kg < 1, 'SMALL', 'LARGE'), count(*) from fct_seizures group by all
"""


@dataclass(frozen=True)
class Seizure:
    """A row of facts: ``quantity_kg`` is the quantity times the factor."""

    drug_code: str | None
    quantity: float | None
    factor: float = 1.0
    conversion_id: str = "KG-1"
    record_id: str = ""

    @property
    def quantity_kg(self) -> float | None:
        return None if self.quantity is None else self.quantity * self.factor


@dataclass(frozen=True)
class Submission:
    """A submission as a release knows it; ``rows`` gives None for a row that was held back."""

    name: str
    country_code: str
    month: date
    rows: Sequence[Seizure | None]
    outcome: str = "accepted"


def made_release(folder: Path, number: int, submissions: Sequence[Submission], **package: object) -> Release:
    """Write a release; of several submissions for a country and month, the last accepted one is in force."""
    path = folder / str(number)
    path.mkdir(parents=True)
    made_by = {"rules_versions": ["rules"], "code_commit": "code", "questionnaire_version": "1"}
    (path / "datapackage.json").write_text(json.dumps({"as_of": None, "resources": [], **made_by, **package}))
    current = {(s.country_code, s.month): s.name for s in submissions if s.outcome == "accepted"}
    in_force = set(current.values())
    with duckdb.connect(str(path / "marts.duckdb")) as connection:
        connection.execute(MARTS)
        for s in submissions:
            accepted = sum(row is not None for row in s.rows) if s.outcome == "accepted" else 0
            connection.execute(
                "insert into rpt_submissions values (?, 'seizures', ?, ?, ?, ?, ?, ?)",
                [s.name, s.country_code, f"{s.name}.csv", s.outcome, s.name in in_force, accepted, s.month],
            )
        rows = [
            [f"{s.name}:{n}", s.country_code, row.drug_code, "KG", row.record_id, row.quantity, row.quantity_kg,
             row.conversion_id, s.month, s.name, "", n]
            for s in submissions if s.name in in_force for n, row in enumerate(s.rows, start=2) if row
        ]  # fmt: skip
        if rows:
            connection.executemany(f"insert into fct_seizures values ({', '.join('?' * 12)})", rows)
        connection.execute(SUMMED)
    return Release(number, path)


def hash_anew(folder: Path) -> None:
    """Write the sizes and hashes of the files into the data package of a release or edition, as a forger would."""
    path = folder / "datapackage.json"
    path.chmod(0o600)
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        file = folder / resource["path"]
        resource |= {"bytes": file.stat().st_size, "hash": f"sha256:{file_sha256(file)}"}
    path.write_text(json.dumps(package), encoding="utf-8")
