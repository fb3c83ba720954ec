"""Make the demo's history: four years of Kazakhstan, two of three more states, in five files of two years each.

    .venv/bin/python tests/golden/demo/make_history.py

A row carries its own day or month, so a file of many months is divided where it is received. Every figure is invented
(a seeded random draw). Two states send workbooks in which every table of the questionnaire is answered. What only
longer series show is planted: seizures told twice, a month far above the others, a number to be confirmed, persons of
unknown sex, age or citizenship, and an office that opens in between.
"""

from pathlib import Path

from drawn_seizures import (
    DOTTED,
    FAR_ABOVE,
    HEADINGS,
    TOLD_BY_TAJIKISTAN,
    TOLD_BY_UZBEKISTAN,
    TOLD_TWICE,
    draw_seizures,
    months_of,
)
from drawn_tables import TAJIKISTAN, UZBEKISTAN, draw_tables
from make_submissions import write_commas, write_semicolons, write_workbook

HISTORY = Path(__file__).with_name("history")


def main() -> None:
    """Write all files below ``history/``."""
    for country in ("KAZ", "KGZ", "TJK", "UZB"):
        (HISTORY / country).mkdir(parents=True, exist_ok=True)
    early, late = months_of(2020, 2021), months_of(2022, 2023)
    write_semicolons(HISTORY / "KAZ" / "KAZ_2020-2021.csv", HEADINGS["ru"], draw_seizures("KAZ", early, "ru"))
    kazakh = [*draw_seizures("KAZ", late, "ru"), *TOLD_TWICE, *FAR_ABOVE, DOTTED]
    write_semicolons(HISTORY / "KAZ" / "KAZ_2022-2023.csv", HEADINGS["ru"], kazakh)
    write_commas(HISTORY / "KGZ" / "KGZ_2022-2023.csv", HEADINGS["en"], draw_seizures("KGZ", late, "en"))
    for side, told in ((TAJIKISTAN, TOLD_BY_TAJIKISTAN), (UZBEKISTAN, TOLD_BY_UZBEKISTAN)):
        seizures = [*draw_seizures(side.country, late, "ru"), told]
        path = HISTORY / side.country / f"{side.country}_2022-2023.xlsx"
        write_workbook(path, {"Изъятия": (HEADINGS["ru"], seizures), **draw_tables(side, late)})


if __name__ == "__main__":
    main()
