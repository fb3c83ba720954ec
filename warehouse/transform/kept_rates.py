"""Exchange rates that the keeper of a warehouse adds to those of the seed, for years and months that it has not."""

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.questionnaire.codelists import load_codelist
from warehouse.storage.database import append_rows, replace_table, transaction
from warehouse.storage.errors import SaraiError
from warehouse.storage.regular_files import open_text
from warehouse.storage.settings import Settings

_SEED = Path("reference") / "exchange_rates.csv"
_KINDS = {"currency_code": "varchar", "period": "varchar", "units_per_usd": "double", "source": "varchar"}
_Period = Annotated[str, Field(pattern=r"^(19|20)\d\d(-(0[1-9]|1[0-2]))?$")]
_ADVICE = {
    "period": "write a year or a month, for example 2025 or 2025-03",
    "units_per_usd": "write how many units of the currency one US dollar is, with a point and no spaces, as 512.4",
    "source": "write where the rate can be looked up, in ten letters or more",
}


class RateError(SaraiError):
    """The file of exchange rates is wrong; the message names the line, its fault, and what to write."""


class KeptRate(BaseModel):
    """Units of a currency for one US dollar, average of a year (``2025``) or of a month (``2025-03``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    currency_code: str
    period: _Period
    units_per_usd: float = Field(gt=0, allow_inf_nan=False)
    source: str = Field(min_length=10)


def read_kept_rates(settings: Settings) -> list[KeptRate]:
    """Read the file that ``SARAI_EXCHANGE_RATES`` names; raises RateError."""
    path = settings.exchange_rates
    currencies = [code for code in load_codelist(settings.codelists, "currencies").entries if code != "USD"]
    known = _known_rates(settings.codelists / _SEED)
    lines: dict[tuple[str, str], int] = {}
    rates = []
    for line, row in _rows(path):
        rate = _rate(row, f"{path.name}, line {line}")
        if rate.currency_code not in currencies:
            one_of = f"Write one of {', '.join(currencies)}."
            raise RateError(f"{path.name}, line {line}: {rate.currency_code or 'nothing'} is no currency. {one_of}")
        if (first := lines.setdefault((rate.currency_code, rate.period), line)) != line:
            again = f"{rate.currency_code} {rate.period} stands in line {first} already. Leave one of the two."
            raise RateError(f"{path.name}, line {line}: {again}")
        if (year := _inverse_of(rate, known.get(rate.currency_code, {}))) is not None:
            beside = f"one US dollar was {known[rate.currency_code][year]:g} {rate.currency_code} in {year}"
            raise RateError(
                f"{path.name}, line {line}: {rate.units_per_usd:g} seems to be dollars for one {rate.currency_code}: "
                f"{beside}. Write how many units of the currency one US dollar is."
            )
        rates.append(rate)
    return rates


def write_kept_rates(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Put the rates into ``kept.exchange_rates``, which the models of prices read; raises RateError."""
    rates = read_kept_rates(settings)
    columns = ", ".join(f"{name} {kind}" for name, kind in _KINDS.items())
    with transaction(connection):
        connection.execute("create schema if not exists kept")
        replace_table(connection, "kept", "exchange_rates", f"({columns})")
        rows = [(rate.currency_code, rate.period, rate.units_per_usd, rate.source) for rate in rates]
        append_rows(connection, "kept.exchange_rates", _KINDS, rows)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str | None, str | list[str] | None]]]:
    """Yield number and cells of each line that is not empty."""
    try:
        with open_text(path) as file:
            reader = csv.DictReader(file, strict=True)
            # Spreadsheets mark UTF-8 before the first name.
            reader.fieldnames = [name.removeprefix("\ufeff") for name in reader.fieldnames or ()]
            if reader.fieldnames != list(_KINDS):
                raise RateError(f"{path.name}: the first line is not {','.join(_KINDS)}. Write it so, with commas.")
            for row in reader:
                yield reader.line_num, dict(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RateError(f"{path.name} cannot be read: {error}. Save it as CSV in UTF-8, with commas.") from error


def _rate(row: Mapping[str | None, object], place: str) -> KeptRate:
    if None in row or None in row.values():
        raise RateError(f"{place}: it does not have {len(_KINDS)} cells. Put a cell that holds a comma in quotes.")
    try:
        return KeptRate.model_validate({name: str(cell).strip() for name, cell in row.items()})
    except ValidationError as error:
        names = [str(part["loc"][0]) for part in error.errors()]
        wrong = "; ".join(f'{name}: "{row[name]}", {_ADVICE[name]}' for name in names)
        raise RateError(f"{place}: {wrong}.") from error


def _known_rates(path: Path) -> dict[str, dict[int, float]]:
    """Return the rates of the seed, as currency → year → units for a dollar."""
    known: dict[str, dict[int, float]] = {}
    with open_text(path) as file:
        for row in csv.DictReader(file):
            known.setdefault(row["currency_code"], {})[int(row["year"])] = float(row["units_per_usd"])
    return known


def _inverse_of(rate: KeptRate, known: Mapping[int, float]) -> int | None:
    """Return the nearest year with a known rate, if this one is nearer to its inverse than to itself."""
    if not known:
        return None
    year = min(known, key=lambda year: abs(year - int(rate.period[:4])))
    given, before = math.log(rate.units_per_usd), math.log(known[year])
    return year if abs(given + before) < abs(given - before) and abs(before) > 1 else None
