"""The same work by hand: what DuckDB alone needs for the files of the benchmark, without any of Sarai's promises.

Usage: ``python tests/benchmarks/by_hand.py full|one INBOX FOLDER``. ``full`` lands, types, maps, weighs, sets aside,
checks and sums all files into FOLDER; ``one`` does so with those files that FOLDER does not hold yet. Prints how
many rows there are, how many were set aside, and their kilograms: so do the peers, which must come to the same.
"""

import sys
from pathlib import Path

import duckdb
from many_seizures import COLUMNS, DESTINATIONS, DRUGS, GRAMS, HIDING, ORIGINS, STATES, TRANSPORT

SETS = {
    "country_code": STATES, "drug_code": DRUGS, "unit": GRAMS, "transport_mode": TRANSPORT, "hiding_place": HIDING,
    "departure_country": ORIGINS, "destination_country": DESTINATIONS,
}  # fmt: skip
CODES = {word.lower(): code for code, words in DRUGS.items() for word in words}
MARTS = {
    "by_month": ["country_code", "month", "drug_code"],
    "by_place": ["country_code", "month", "place", "drug_code"],
    "by_route": ["country_code", "month", "departure_country", "destination_country"],
}
_TYPED = """
select
    record_id, left(record_id, 3) as country_code, drugs.code as drug_code, sent.day,
    date_trunc('month', sent.day)::date as month, place, amount * units.grams / 1000 as quantity_kg, unit,
    transport_mode, hiding_place, departure_country, destination_country, purity_pct::double as purity_pct, agency,
    source, notes, filename, quantity,
    case
        when sent.day is null then 'day' when amount is null then 'quantity' when amount <= 0 then 'negative'
        when units.unit is null then 'unit' when drugs.code is null then 'drug'
    end as reason
from (
    select
        *, try_strptime(seizure_date, '%d.%m.%Y')::date as day,
        try_cast(replace(quantity, ',', '.') as double) as amount
    from {rows}
) as sent
left join units using (unit)
left join drugs on lower(sent.drug) = drugs.word
"""
_CHECKS = [
    "record_id is null", "not regexp_full_match(record_id, '[A-Z]{3}-[0-9]{6}-[0-9]{7}')", "day is null",
    "day not between '2023-01-01' and '2040-12-31'", "month is null", "place is null", "drug_code is null",
    "country_code is null", "country_code <> left(record_id, 3)", "quantity_kg is null", "quantity_kg <= 0",
    "quantity_kg > 10000000", "purity_pct is null", "purity_pct not between 0 and 100", "agency is null",
    "source is null", "filename is null", "departure_country = destination_country and place is null",
    *(f"{column} not in {tuple(values)}" for column, values in SETS.items()),
]  # fmt: skip


def main() -> None:
    """Do what the arguments ask for; raises SystemExit when a check fails."""
    mode, inbox, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(folder / "by_hand.duckdb"), config={"threads": 2}) as connection:
        (_do_all if mode == "full" else _do_one)(connection, sorted(map(str, inbox.glob("*/*.csv"))))
        totals = "(select count(*), (select count(*) from rejects), sum(quantity_kg) from seizures)"
        kept, rejected, kg = connection.execute(f"from {totals}").fetchone() or ()
    print(f"{kept} seizures, {rejected} rejects, {kg:.6g} kg")


def _do_all(connection: duckdb.DuckDBPyConnection, files: list[str]) -> None:
    connection.execute("create table drugs (word varchar, code varchar)")
    connection.executemany("insert into drugs values (?, ?)", list(CODES.items()))
    connection.execute("create table units (unit varchar, grams double)")
    connection.executemany("insert into units values (?, ?)", list(GRAMS.items()))
    connection.execute(f"create table raw as {_read(files)}")
    typed = _TYPED.format(rows="raw")
    connection.execute(
        f"create table seizures as select * exclude (reason, quantity) from ({typed}) where reason is null"
    )
    connection.execute(f"create table rejects as from ({typed}) where reason is not null")
    _keep_last(connection)
    _check(connection, "true")
    for name, keys in MARTS.items():
        connection.execute(f"create table {name} as {_summed(keys, 'true')}")


def _do_one(connection: duckdb.DuckDBPyConnection, files: list[str]) -> None:
    known = {name for (name,) in connection.execute("select distinct filename from raw").fetchall()}
    connection.execute(f"create temp table new as {_read([name for name in files if name not in known])}")
    connection.execute("insert into raw from new")
    connection.execute(f"create temp table typed as {_TYPED.format(rows='new')}")
    connection.execute("insert into rejects from typed where reason is not null")
    connection.execute("insert into seizures select * exclude (reason, quantity) from typed where reason is null")
    _keep_last(connection)
    touched = "(country_code, month) in (select distinct (country_code, month) from typed where reason is null)"
    _check(connection, touched)
    for name, keys in MARTS.items():
        connection.execute(f"delete from {name} where {touched}")
        connection.execute(f"insert into {name} {_summed(keys, touched)}")


def _read(files: list[str]) -> str:
    columns = ", ".join(f"'{name}': 'varchar'" for name in COLUMNS)
    return f"""from read_csv({files}, delim = ';', quote = '"', escape = '"', header = true, auto_detect = false,
        columns = {{{columns}}}, filename = true)"""


def _keep_last(connection: duckdb.DuckDBPyConnection) -> None:
    """Of rows with the same record number, keep that of the last file."""
    connection.execute("""
        delete from seizures where rowid in (
            select row_id from (
                select
                    seizures.rowid as row_id,
                    row_number() over (partition by record_id order by filename desc) as place
                from seizures
                semi join (select record_id from seizures group by all having count(*) > 1) using (record_id)
            ) where place > 1
        )""")


def _check(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    counts = ", ".join(f"count_if({check})" for check in _CHECKS)
    failed = connection.execute(f"select {counts} from seizures where {where}").fetchone() or ()
    repeated = connection.execute(
        "select count(*) from (select record_id from seizures group by all having count(*) > 1)"
    ).fetchone()
    if any(failed) or repeated != (0,):
        sys.exit(f"checks failed: {failed}, {repeated}")


def _summed(keys: list[str], where: str) -> str:
    return f"""
        select {", ".join(keys)}, count(*) as seizures_count, sum(quantity_kg) as quantity_kg, max(day) as last_day
        from seizures where {where} group by all"""


if __name__ == "__main__":
    main()
