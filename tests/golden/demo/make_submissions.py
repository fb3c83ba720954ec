"""Make the demo's submissions: five states, three months, each in the habits that real national files have.

    .venv/bin/python tests/golden/demo/make_submissions.py

Every figure is invented (a seeded random draw), so that nobody mistakes the demo for statistics. The files are
committed; this is kept so that the workbooks among them can be read as code.
"""

import csv
import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

INBOX = Path(__file__).with_name("inbox")
MONTHS = (date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1))
DRUGS = {"en": ("Heroin", "Opium", "Cannabis resin", "Cannabis herb", "Methamphetamine"),
         "ru": ("героин", "опий", "гашиш", "марихуана", "метамфетамин")}  # fmt: skip
KILOGRAMS = (0.8, 2.5, 3.0, 4.0, 0.3)
POINTS = {"KAZ": ("Кордай", "Сыпатай батыр"), "KGZ": ("Dostuk", "Bor-Dobo"), "TJK": ("Фотехобод", "Нижний Пяндж"),
          "TKM": ("Farap", "Imamnazar"), "UZB": ("Ойбек", "Айритом")}  # fmt: skip
SEIZURES = {"en": ("Date of seizure", "Border crossing point", "Drug or substance", "Quantity", "Unit", "Purity",
                   "Hiding place", "Means of transport", "Country of departure", "Country of destination", "Routing"),
            "ru": ("Дата изъятия", "Пункт пропуска", "Наркотик", "Количество", "Единица измерения", "Чистота",
                   "Место сокрытия", "Транспорт", "Страна отправления", "Страна назначения", "Маршрут")}  # fmt: skip
HIDING = {"en": ("Car Parts", "Baggage", "Freight"), "ru": ("Car Parts", "Baggage", "Freight")}
PERSONS = ("Offence (ICCS)", "Sex", "Age group", "Citizenship", "Number of persons")
PERSONS_RU = ("Правонарушение (МКП)", "Пол", "Возрастная группа", "Гражданство", "Число лиц")
PRICES_RU = ("Место", "Наркотик", "Уровень рынка", "Единица цены", "Минимальная цена", "Обычная цена",
             "Максимальная цена", "Валюта")  # fmt: skip
ACTIVITIES = ("Date of activity", "Border crossing point", "Type of activity", "Counterpart country",
              "Women taking part", "Men taking part")  # fmt: skip
STORIES_RU = ("Пункт пропуска", "Заголовок", "История успеха", "Можно публиковать")
CHALLENGES_RU = ("Пункт пропуска", "Вид трудности", "Острота", "Трудность")

Row = list[Any]


def draw_seizures(country: str, month: date, language: str, part: int = 0) -> list[Row]:
    """Return 12 to 20 rows: day, point, drug, quantity, unit, purity, hiding place, transport, from, to, routing."""
    chance = random.Random(f"{country} {month} {part}")
    unit_kg, unit_g = {"en": ("kg", "g"), "ru": ("кг", "г")}[language]
    rows = []
    for _ in range(chance.randint(12, 20)):
        drug = chance.randrange(len(KILOGRAMS))
        kilograms = chance.lognormvariate(0, 1) * KILOGRAMS[drug]
        in_kg = kilograms >= 1
        rows.append([
            month + timedelta(days=chance.randrange(28)), chance.choice(POINTS[country]), DRUGS[language][drug],
            round(kilograms, 2) if in_kg else round(kilograms * 1000), unit_kg if in_kg else unit_g,
            chance.choice(("", "", 20, 45, 60)), chance.choice(HIDING[language]),
            chance.choice(("Private road", "Commercial road", "Rail")), chance.choice(("AFG", "TJK", "Unknown", "")),
            chance.choice(("RUS", "KAZ", "", "--")), chance.choice(("Border - inbound", "Border - outbound", "")),
        ])  # fmt: skip
    return rows


def russian(value: Any) -> str:
    """Return a value as a Russian table shows it: 31.12.2024, 1 234,5."""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return f"{value:,}".replace(",", "\u00a0").replace(".", ",") if isinstance(value, (int, float)) else value


def write_semicolons(path: Path, headings: tuple[str, ...], rows: list[Row]) -> None:
    """Write a csv file as Excel does on a Russian computer."""
    with path.open("w", encoding="cp1251", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headings)
        writer.writerows([russian(value) for value in row] for row in rows)


def write_commas(path: Path, headings: tuple[str, ...], rows: list[Row]) -> None:
    """Write a csv file, utf-8 with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headings, *rows])


def write_workbook(path: Path, sheets: dict[str, tuple[tuple[str, ...], list[Row]]]) -> None:
    """Write a workbook with a title above each table; the same rows give the same cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = datetime(2024, 4, 1)
    for name, (headings, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet["A1"] = f"{name}: сведения за месяц / monthly report"
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
        sheet.append([])
        for row in (headings, *rows):
            sheet.append([None if value == "" else value for value in row])
    book.save(path)


def write_records(path: Path, tables: dict[str, tuple[tuple[str, ...], list[Row]]]) -> None:
    """Write JSON: one list of records for each table."""
    document = {
        name: [dict(zip(headings, row, strict=True)) for row in rows] for name, (headings, rows) in tables.items()
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def draw_persons(country: str, month: date, words: tuple[str, ...]) -> list[Row]:
    """Return counts by offence, sex, age group and citizenship; words: male, female, adult, juvenile."""
    chance = random.Random(f"persons {country} {month}")
    male, female, adult, juvenile = words
    return [
        ["060121", male, adult, country, chance.randint(8, 30)],
        ["060121", female, adult, country, chance.randint(1, 6)],
        ["060111", male, adult, country, chance.randint(5, 25)],
        ["060111", male, juvenile, country, chance.randint(0, 3)],
    ]


def write_tajik(month: date, path: Path) -> None:
    """A workbook of six sheets; in February one quantity is a word and one drug is not in any list."""
    seizures = draw_seizures("TJK", month, "ru")
    if month.month == 2:
        seizures += [
            [month + timedelta(days=5), "Фотехобод", "героин", "много", "кг", "", "", "", "", "", ""],
            [month + timedelta(days=6), "Фотехобод", "белый порошок", 2, "кг", "", "", "", "", "", ""],
        ]
        seizures += [row for part in (1, 2, 3) for row in draw_seizures("TJK", month, "ru", part)]
    prices = [
        ["Душанбе", "героин", "розница", "г", 4, 6, 9, "USD"],
        ["Душанбе", "героин", "опт", "кг", 2900, 3400, 4100, "USD"],
        ["Душанбе", "опий", "опт", "кг", 310, 400, 520, "USD"],
    ]
    activities = [
        [month + timedelta(days=9), "Фотехобод", "Joint patrol", "UZB", 2, 9],
        [month + timedelta(days=20), "Нижний Пяндж", "Training", "AFG", 5, 12],
    ]
    stories = [["Нижний Пяндж", "3 кг в двери", "Сканер нашёл тайник в двери машины.", "да"]]
    challenges = [["Фотехобод", "Вода, электричество, отопление", 2, "Нет света две недели из четырёх"]]
    write_workbook(path, {
        "Изъятия": (SEIZURES["ru"], seizures),
        "Лица": (PERSONS_RU, draw_persons("TJK", month, ("мужской", "женский", "взрослые", "несовершеннолетние"))),
        "Цены": (PRICES_RU, prices),
        "Мероприятия": (ACTIVITIES, activities),
        "Истории успеха": (STORIES_RU, stories),
        "Трудности": (CHALLENGES_RU, challenges),
    })  # fmt: skip


def main() -> None:
    """Write all files below ``inbox/``."""
    for country in POINTS:
        (INBOX / country).mkdir(parents=True, exist_ok=True)
    for month in MONTHS:
        name = f"{month:%Y-%m}"
        write_semicolons(INBOX / "KAZ" / f"KAZ_{name}.csv", SEIZURES["ru"], draw_seizures("KAZ", month, "ru"))
        kyrgyz = draw_seizures("KGZ", month, "en") if month.month != 3 else []  # March: a nil return
        write_commas(INBOX / "KGZ" / f"KGZ_{name}.csv", SEIZURES["en"], kyrgyz)
        write_tajik(month, INBOX / "TJK" / f"TJK_{name}.xlsx")
        if month.month != 2:  # February: no file, which is not zero
            seizures = draw_seizures("TKM", month, "en")
            persons = draw_persons("TKM", month, ("male", "female", "adult", "juvenile"))
            tables = {"seizures": (SEIZURES["en"], seizures), "persons": (PERSONS, persons)}
            write_records(INBOX / "TKM" / f"TKM_{name}.json", tables)
        uzbek = draw_seizures("UZB", month, "ru")
        if month.month == 3:  # units forgotten in four rows of a file: it is sent back whole
            uzbek = [[*row[:4], "", *row[5:]] if number < 4 else row for number, row in enumerate(uzbek)]
        write_workbook(INBOX / "UZB" / f"UZB_{name}.xlsx", {"Изъятия": (SEIZURES["ru"], uzbek)})
    revised = draw_seizures("KAZ", MONTHS[0], "ru")
    revised[0][3] = 12.5
    revised[0][4] = "кг"
    write_semicolons(INBOX / "KAZ" / "KAZ_2024-01_revised.csv", SEIZURES["ru"], revised)


if __name__ == "__main__":
    main()
