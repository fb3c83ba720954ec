"""Releases in both editions, made by hand: submissions of seizures, and what is published of each month."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from made_releases import Seizure, Submission, hash_anew

from warehouse.releases.catalogue import Release

MEMBERS = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
_PUBLIC = ("dim_codes", "dim_countries", "dim_drugs", "rpt_coverage_by_month", "rpt_seizures_by_month")
_MARTS = """
create table fct_seizures (
    seizure_id varchar primary key, country_code varchar, reporting_month date, drug_code varchar, quantity double,
    quantity_kg double, quantity_litres double, conversion_id varchar, is_presumed_duplicate boolean,
    counted_seizure_id varchar, submission_id varchar, sheet varchar, source_row bigint
);
create table rpt_submissions (
    submission_id varchar, table_name varchar, country_code varchar, file_name varchar, outcome varchar,
    is_current boolean, reporting_month date, primary key (submission_id, table_name)
);
create table dim_countries as select code as country_code, 'State ' || code as country_name_en,
    'Страна ' || code as country_name_ru, true as is_member from (select unnest({members}) as code);
create table dim_drugs as select * from (values ('HEROIN', 'Heroin', 'Героин'), ('OPIUM', 'Opium', 'Опий'))
    as drugs (drug_code, drug_name_en, drug_name_ru);
create table dim_codes as select 'coverages' as codelist_name, * from (values
    ('data', 'Data', 'Данные'), ('nil', 'Nil return', 'Нулевой отчёт'), ('missing', 'No report', 'Нет отчёта')
) as codes (code, name_en, name_ru)
union all
select 'countries', country_code, country_name_en, country_name_ru from dim_countries
union all
select 'drugs', drug_code, drug_name_en, drug_name_ru from dim_drugs;
"""
_SUMMED = """
create table rpt_seizures_by_month as
select
    country_code, reporting_month as month_date, drug_code, count(*) as seizures_count,
    sum(quantity_kg order by seizure_id) filter (not is_presumed_duplicate) as quantity_kg_without_duplicates,
    sum(quantity_litres) filter (not is_presumed_duplicate) as quantity_litres_without_duplicates
from fct_seizures group by all order by all;
create table rpt_coverage_by_month as
select
    dim_countries.country_code, month_date, 'seizures' as table_name,
    case when submission_id is null then 'missing'
        when exists (from fct_seizures where fct_seizures.submission_id = sent.submission_id) then 'data' else 'nil'
    end as coverage
from dim_countries cross join (select distinct reporting_month as month_date from rpt_submissions) as months
left join (from rpt_submissions where is_current) as sent
    on dim_countries.country_code = sent.country_code and month_date = reporting_month
order by all;
"""


@dataclass(frozen=True)
class Told(Seizure):
    """A seizure that tells of another again, or one in litres."""

    counted: str = ""
    litres: float | None = None


def publish(folder: Path, number: int, day: str, submissions: Sequence[Submission]) -> Release:
    """Write a release of both editions; of several submissions of a state and month, the last accepted is in force."""
    release = Release(number, folder / str(number))
    release.public.mkdir(parents=True)
    in_force = {(one.country_code, one.month): one.name for one in submissions if one.outcome == "accepted"}
    with duckdb.connect() as made:
        made.execute(_MARTS.format(members=[*MEMBERS]))
        for one in submissions:
            is_current = in_force.get((one.country_code, one.month)) == one.name
            _land(made, one, is_current=is_current)
        made.execute(_SUMMED)
        marts = [name for (name,) in made.execute("select table_name from duckdb_tables() order by all").fetchall()]
        for edition, names in ((release.public, [*_PUBLIC]), (release.path, marts)):
            _write(made, edition, names)
    _describe(release.public, number, day)
    _describe(release.path, number, day)
    return release


def _land(made: duckdb.DuckDBPyConnection, one: Submission, *, is_current: bool) -> None:
    values = [one.name, "seizures", one.country_code, f"{one.name}.csv", one.outcome, is_current, one.month]
    made.execute("insert into rpt_submissions values (?, ?, ?, ?, ?, ?, ?)", values)
    for number, row in enumerate(one.rows, start=2):
        if row and is_current:
            counted, litres = (row.counted, row.litres) if isinstance(row, Told) else ("", None)
            made.execute(
                f"insert into fct_seizures values ({', '.join('?' * 13)})",
                [f"{one.name}:{number}", one.country_code, one.month, row.drug_code, row.quantity, row.quantity_kg,
                 litres, row.conversion_id, bool(counted), counted or None, one.name, "", number],
            )  # fmt: skip


def _write(made: duckdb.DuckDBPyConnection, edition: Path, marts: Sequence[str]) -> None:
    (edition / "parquet").mkdir()
    made.execute(f"attach '{edition / 'marts.duckdb'}' as edition")
    for mart in marts:
        made.execute(f"create table edition.{mart} as from {mart}")
        made.execute(f"copy {mart} to '{edition / 'parquet' / f'{mart}.parquet'}' (format parquet)")
    made.execute("detach edition")


def _describe(edition: Path, number: int, day: str) -> None:
    files = sorted(path.relative_to(edition) for path in edition.rglob("*") if path.is_file())
    own = [path for path in files if path.parts[0] != "public" or path.name == "datapackage.json"]
    package = {
        "version": str(number), "created": f"{day}T08:00:00Z", "as_of": None, "code_version": "1",
        "resources": [{"path": str(path), "bytes": 0, "hash": ""} for path in own],
    }  # fmt: skip
    (edition / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    hash_anew(edition)


def publish_each(folder: Path, releases: Mapping[str, Sequence[Submission]]) -> list[Release]:
    """Write a release for each day, in order; the first is number 1."""
    return [publish(folder, number, day, sent) for number, (day, sent) in enumerate(releases.items(), start=1)]


def sent(name: str, country: str, month: date, *rows: Seizure | None) -> Submission:
    """Return an accepted submission."""
    return Submission(name, country, month, rows)
