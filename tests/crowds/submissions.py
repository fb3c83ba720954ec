"""Small submissions with invented figures, every one different, whose counts are known beforehand."""

from pathlib import Path

from settled_files import settle

MEMBERS = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
HEADINGS = "Record number;Date of seizure;Drug;Quantity;Unit;Place"
_DRUGS = ("Heroin", "Opium", "Hashish", "Methamphetamine")


def write_submission(inbox: Path, country: str, month: str, number: int, *, rows: int = 5, bad_rows: int = 0) -> Path:
    """Write one csv file of a country and month (YYYY-MM); ``number`` makes name and figures of its own.

    The last ``bad_rows`` of the rows have a quantity that is no number.
    """
    lines = [
        f"{country}{number}-{row};{month}-{row % 27 + 1:02d};{_DRUGS[row % 4]};"
        f"{f'some {row}' if row >= rows - bad_rows else number * 10 + row + 1};g;Place {row}"
        for row in range(rows)
    ]
    path = inbox / country / f"{country}_{month}_{number}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    settle(path)
    return path
