"""The same work as by_hand.py by polars and pandera, a peer: ``python tests/benchmarks/by_polars.py INBOX FOLDER``.

Lands, types, maps, weighs, sets aside, checks and sums all files; prints what by_hand.py prints.
"""

import sys
from datetime import date
from pathlib import Path

import pandera.polars as pa
import polars as pl
from by_hand import CODES, MARTS, SETS
from many_seizures import COLUMNS, GRAMS

_FAULTS = {
    "day": pl.col("day").is_null(),
    "quantity": pl.col("amount").is_null(),
    "negative": pl.col("amount") <= 0,
    "unit": pl.col("grams").is_null(),
    "drug": pl.col("drug_code").is_null(),
}


def main() -> None:
    """Do the work in FOLDER."""
    inbox, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    texts = dict.fromkeys(COLUMNS, pl.String)
    files = [
        pl.scan_csv(path, separator=";", schema=texts, include_file_paths="filename")
        for path in sorted(inbox.glob("*/*.csv"))
    ]
    pl.concat(files).sink_parquet(folder / "raw.parquet", compression="lz4")
    rows = _typed(pl.scan_parquet(folder / "raw.parquet")).collect(engine="streaming")
    rejects = rows.filter(pl.col("reason").is_not_null())
    rows = rows.filter(pl.col("reason").is_null()).drop("reason", "quantity")
    rows = rows.sort("filename").unique("record_id", keep="last")
    _schema().validate(rows, lazy=True)
    sums = (pl.len().alias("seizures_count"), pl.col("quantity_kg").sum(), pl.col("day").max().alias("last_day"))
    for name, keys in MARTS.items():
        rows.group_by(keys).agg(*sums).write_parquet(folder / f"{name}.parquet", compression="lz4")
    rows.write_parquet(folder / "seizures.parquet", compression="lz4")
    rejects.write_parquet(folder / "rejects.parquet", compression="lz4")
    print(f"{rows.height} seizures, {rejects.height} rejects, {rows['quantity_kg'].sum():.6g} kg")


def _typed(rows: pl.LazyFrame) -> pl.LazyFrame:
    grams = pl.col("unit").replace_strict(list(GRAMS), list(GRAMS.values()), default=None, return_dtype=pl.Float64)
    drug = pl.col("drug").str.to_lowercase().replace_strict(CODES, default=None, return_dtype=pl.String)
    reason = pl.coalesce([pl.when(fault).then(pl.lit(name)) for name, fault in _FAULTS.items()])
    day = pl.col("seizure_date").str.to_date("%d.%m.%Y", strict=False)
    amount = pl.col("quantity").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return (
        rows.with_columns(day=day, amount=amount, grams=grams, drug_code=drug)
        .with_columns(
            country_code=pl.col("record_id").str.slice(0, 3),
            month=pl.col("day").dt.truncate("1mo"),
            quantity_kg=pl.col("amount") * pl.col("grams") / 1000,
            purity_pct=pl.col("purity_pct").cast(pl.Float64),
            reason=reason,
        )
        .drop("seizure_date", "drug", "amount", "grams", "reporting_channel")
    )


def _schema() -> pa.DataFrameSchema:
    """Return the checks of by_hand.py; columns are not null unless they say so."""
    day = pa.Check.in_range(date(2023, 1, 1), date(2040, 12, 31))
    columns = {name: pa.Column(str, pa.Check.isin(list(values)), nullable=True) for name, values in SETS.items()}
    columns |= {name: pa.Column(str) for name in ("place", "agency", "source", "filename")}
    columns |= {
        "record_id": pa.Column(str, pa.Check.str_matches(r"^[A-Z]{3}-[0-9]{6}-[0-9]{7}$"), unique=True),
        "day": pa.Column(pl.Date, day),
        "month": pa.Column(pl.Date),
        "quantity_kg": pa.Column(float, pa.Check.in_range(0, 1e7, include_min=False)),
        "purity_pct": pa.Column(float, pa.Check.in_range(0, 100)),
    }
    belongs = pl.col("country_code") == pl.col("record_id").str.slice(0, 3)
    placed = (pl.col("departure_country") != pl.col("destination_country")) | pl.col("place").is_not_null()
    whole = [pa.Check(lambda data, rule=rule: data.lazyframe.select(rule)) for rule in (belongs, placed)]
    return pa.DataFrameSchema(columns, checks=whole)


if __name__ == "__main__":
    main()
