"""Exchange rates of the keeper: taken in as they stand, and a wrong file is refused with what to write."""

from pathlib import Path

import duckdb
import pytest

from warehouse.storage.settings import Settings
from warehouse.transform.kept_rates import RateError, read_kept_rates, write_kept_rates

HEAD = "currency_code,period,units_per_usd,source\n"
RIGHT = 'KZT,2026-03,512.25,"UN operational rates, March 2026"\n\nRUB,2025,83.1,Bank of Russia 2025\n'


def written(folder: Path, text: str | bytes) -> Settings:
    path = folder / "exchange_rates.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Settings(home=folder / "var", exchange_rates=path)


def test_the_file_of_the_repository_adds_nothing() -> None:
    assert read_kept_rates(Settings()) == []


def test_rates_of_years_and_months_stand_in_the_table_that_models_read(tmp_path: Path) -> None:
    settings = written(tmp_path, "\ufeff" + HEAD + RIGHT)  # as spreadsheets save it
    with duckdb.connect() as connection:
        for _ in range(2):  # the second time in place of the first
            write_kept_rates(connection, settings)
        found = connection.execute("from kept.exchange_rates").fetchall()
    assert found == [
        ("KZT", "2026-03", 512.25, "UN operational rates, March 2026"),
        ("RUB", "2025", 83.1, "Bank of Russia 2025"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + RIGHT + "GBP,2025,0.8,Bank of England\n",
            r"csv, line 5: GBP is no currency\. Write one of KZT, .*IRR\.",
        ),
        (HEAD + "USD,2025,1,by its definition\n", r"line 2: USD is no currency\. Write one of KZT"),
        (HEAD + "KZT,March,512,Bank of Kazakhstan\n", r'line 2: period: "March", write a year or a month, .*2025-03\.'),
        (HEAD + "KZT,2025-13,512,Bank of Kazakhstan\n", r'period: "2025-13", write a year or a month'),
        (HEAD + 'KZT,2025,"512,4",Bank of Kazakhstan\n', r'units_per_usd: "512,4", write how many .*, as 512\.4\.'),
        (HEAD + "KZT,2025,0,Bank of Kazakhstan\n", r'units_per_usd: "0", write how many'),
        (HEAD + "KZT,2025,inf,Bank of Kazakhstan\n", r'units_per_usd: "inf", write how many'),
        (HEAD + "KZT,2025,512.4,bank\n", r'source: "bank", write where the rate can be looked up'),
        (
            HEAD + RIGHT + "KZT,2026-03,512,Bank of Kazakhstan\n",
            r"line 5: KZT 2026-03 stands in line 2 already\. Leave",
        ),
        (
            HEAD + "KZT,2026,0.00195,Bank of Kazakhstan\n",
            r"0\.00195 seems to be dollars for one KZT: .* in 2024\. Write",
        ),
        (HEAD + "KZT,2026,512,4,Bank of Kazakhstan\n", r"line 2: it does not have 4 cells\. Put a cell that holds a"),
        (HEAD + "KZT,2026,512\n", "line 2: it does not have 4 cells"),
        (
            HEAD.replace(",", ";") + "KZT;2026;512;bank\n",
            "the first line is not currency_code,period,units_per_usd,sou",
        ),
        ((HEAD + "KZT,2026,512,Казахстан\n").encode("cp1251"), "cannot be read: .*Save it as CSV in UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_write(text: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(RateError, match=said):
        read_kept_rates(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RateError, match=r"away\.csv cannot be read: .*No such file"):
        read_kept_rates(Settings(home=tmp_path, exchange_rates=tmp_path / "away.csv"))
