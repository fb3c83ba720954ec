"""The same work as by_hand.py by pandas and Great Expectations, a peer: ``by_pandas.py INBOX FOLDER``.

Lands, types, maps, weighs, sets aside, checks and sums all files; prints what by_hand.py prints.
"""

import sys
from pathlib import Path

import duckdb
import great_expectations as gx
import pandas as pd
from by_hand import CODES, MARTS, SETS
from many_seizures import COLUMNS, GRAMS

_FILLED = (
    "record_id", "day", "month", "place", "drug_code", "country_code", "quantity_kg", "purity_pct", "agency", "source",
    "filename",
)  # fmt: skip


def main() -> None:
    """Do the work in FOLDER; raises SystemExit when a check fails."""
    inbox, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    frames = [_read(path) for path in sorted(inbox.glob("*/*.csv"))]
    rows = pd.concat(frames, ignore_index=True)
    with duckdb.connect(str(folder / "by_pandas.duckdb"), config={"threads": 2}) as connection:
        _keep(connection, "raw", rows)
        rows = _typed(rows)
        rejects = rows[rows["reason"].notna()]
        _keep(connection, "rejects", rejects)
        rows = rows[rows["reason"].isna()].drop_duplicates("record_id", keep="last")
        _check(rows)
        _keep(connection, "seizures", rows)
        for name, keys in MARTS.items():
            sums = rows.groupby(keys, observed=True).agg(
                seizures_count=("record_id", "size"), quantity_kg=("quantity_kg", "sum"), last_day=("day", "max")
            )
            _keep(connection, name, sums.reset_index())
    print(f"{len(rows)} seizures, {len(rejects)} rejects, {rows['quantity_kg'].sum():.6g} kg")


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", dtype=str, usecols=COLUMNS).assign(filename=str(path))


def _keep(connection: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame) -> None:
    connection.register("given", rows)
    connection.execute(f"create table {name} as from given")
    connection.unregister("given")


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    amount = pd.to_numeric(rows["quantity"].str.replace(",", ".", regex=False), errors="coerce")
    grams = rows["unit"].map(GRAMS)
    day = pd.to_datetime(rows["seizure_date"], format="%d.%m.%Y", errors="coerce")
    typed = rows.assign(
        country_code=rows["record_id"].str[:3],
        drug_code=rows["drug"].str.lower().map(CODES),
        day=day,
        month=day.dt.to_period("M").dt.to_timestamp(),
        quantity_kg=amount * grams / 1000,
        purity_pct=rows["purity_pct"].astype(float),
        reason=pd.Series(None, index=rows.index, dtype=object),
    )
    faults = {
        "day": day.isna(), "quantity": amount.isna(), "negative": amount <= 0, "unit": grams.isna(),
        "drug": typed["drug_code"].isna(),
    }  # fmt: skip
    for name, fails in faults.items():
        typed.loc[fails & typed["reason"].isna(), "reason"] = name
    return typed


def _check(rows: pd.DataFrame) -> None:
    expect = gx.expectations
    suite = gx.ExpectationSuite(
        "seizures",
        expectations=[
            *(expect.ExpectColumnValuesToNotBeNull(column=name) for name in _FILLED),
            *(expect.ExpectColumnValuesToBeInSet(column=name, value_set=list(values)) for name, values in SETS.items()),
            expect.ExpectColumnValuesToBeUnique(column="record_id"),
            expect.ExpectColumnValuesToMatchRegex(column="record_id", regex=r"^[A-Z]{3}-[0-9]{6}-[0-9]{7}$"),
            expect.ExpectColumnValuesToBeBetween(
                column="day", min_value=pd.Timestamp(2023, 1, 1), max_value=pd.Timestamp(2040, 12, 31)
            ),
            expect.ExpectColumnValuesToBeBetween(column="quantity_kg", min_value=0, max_value=1e7, strict_min=True),
            expect.ExpectColumnValuesToBeBetween(column="purity_pct", min_value=0, max_value=100),
        ],
    )
    source = gx.get_context(mode="ephemeral").data_sources.add_pandas("rows")
    whole = source.add_dataframe_asset("seizures").add_batch_definition_whole_dataframe("all")
    result = whole.get_batch({"dataframe": rows}).validate(suite)
    belongs = rows["country_code"] == rows["record_id"].str[:3]
    if not (result.success and belongs.all()):
        sys.exit(f"checks failed: {result.describe()}")


if __name__ == "__main__":
    main()
