"""Tables of submissions as pandas reads them, without our readers, codelists and seeds."""

import io
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

# Our names of columns and the headings under which senders write them; those without a question mark tell a table.
HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "seizures": {
        "day": ("Дата изъятия", "Date of seizure", "SEIZURE_DATE", "seizure_date"),
        "drug": ("Наркотик", "Drug or substance", "DRUG_NAME", "drug_name", "drug"),
        "quantity": ("Количество", "Quantity", "AMOUNT", "amount", "quantity"),
        "unit": ("Единица измерения", "Unit", "DRUG_UNIT", "drug_unit", "unit"),
        "?point": ("Пункт пропуска", "Border crossing point"),
        "?place": ("Место изъятия", "PLACE", "place"),
        "?purity": ("Чистота", "Purity", "purity_pct"),
        "?hidden": ("Место сокрытия", "Hiding place", "HIDING_PLACE", "hiding_place"),
        "?produced": ("Страна происхождения", "Country of production", "PRODUCING_COUNTRY",
                      "producing_country"),
        "?departed": ("Страна отправления", "Country of departure", "DEPARTURE_COUNTRY",
                      "departure_country"),
        "?destined": ("Страна назначения", "Country of destination", "DESTINATION_COUNTRY",
                      "destination_country"),
    },
    "persons": {
        "offence": ("Правонарушение (МКПС)", "Правонарушение (МКП)", "Offence (ICCS)"),
        "sex": ("Пол", "Sex"), "age": ("Возрастная группа", "Age group"), "citizenship": ("Гражданство", "Citizenship"),
        "persons": ("Число лиц", "Number of persons"), "?month": ("Месяц",), "?stage": ("Стадия дела",),
    },
    "prices": {
        "drug": ("Наркотик",), "level": ("Уровень рынка",), "unit": ("Цена за единицу",), "typical": ("Типичная цена",),
        "currency": ("Валюта",), "observations": ("Число наблюдений",), "month": ("Месяц",),
    },
    "activities": {"day": ("Дата мероприятия",), "kind": ("Вид мероприятия",), "women": ("Участники-женщины",),
                   "men": ("Участники-мужчины",), "counterpart": ("Страна-партнёр",)},
    "exchanges": {"month": ("Месяц",), "direction": ("Отправлено или получено",), "requests": ("Запросы",),
                  "counterpart": ("Страна-партнёр",)},
    "traffic": {"month": ("Месяц",), "direction": ("Въезд или выезд",), "point": ("Пункт пропуска",),
                "travellers": ("Лица, пересёкшие границу",)},
    "challenges": {"month": ("Месяц",), "kind": ("Вид трудности",), "severity": ("Острота",)},
    "eradication": {"month": ("Месяц",), "hectares": ("Уничтоженная площадь",)},
}  # fmt: skip
DRUGS = {
    "heroin": "HEROIN", "героин": "HEROIN", "opium": "OPIUM", "опий": "OPIUM", "cannabis resin": "CANNABIS_RESIN",
    "hashish": "CANNABIS_RESIN", "гашиш": "CANNABIS_RESIN", "cannabis herb": "CANNABIS_HERB",
    "marijuana": "CANNABIS_HERB", "марихуана": "CANNABIS_HERB", "methamphetamine": "METHAMPHETAMINE",
    "метамфетамин": "METHAMPHETAMINE", "ecstasy": "MDMA", "экстази": "MDMA", "мдма": "MDMA", "mdma": "MDMA",
    "acetic anhydride": "ACETIC_ANHYDRIDE", "уксусный ангидрид": "ACETIC_ANHYDRIDE", "tramadol": "TRAMADOL",
    "трамадол": "TRAMADOL", "мефедрон": "MEPHEDRONE", "конопля (растение)": "CANNABIS_PLANT",
    "прегабалин": "PREGABALIN", "маковая солома": "POPPY_STRAW", "poppy straw": "POPPY_STRAW",
    "cocaine": "COCAINE", "morphine": "MORPHINE", "amphetamine": "AMPHETAMINE", "ephedrine": "EPHEDRINE",
    "opium poppy": "POPPY_PLANT", "sulphuric acid": "SULPHURIC_ACID",
}  # fmt: skip
KILOGRAMS = {"kg": 1.0, "кг": 1.0, "kilogram": 1.0, "g": 0.001, "г": 0.001, "gram": 0.001}


@cache
def grids(path: Path) -> list[pd.DataFrame]:
    """Return the tables of a file, without types and without headings."""
    if path.suffix == ".xlsx":
        return list(pd.read_excel(path, sheet_name=None, header=None, dtype=object).values())
    if path.suffix == ".json":
        lists = [rows for rows in json.loads(path.read_bytes()).values() if isinstance(rows, list)]
        tables = [pd.DataFrame(rows, dtype=object) for rows in lists]
        return [pd.DataFrame([list(rows.columns), *rows.to_numpy().tolist()], dtype=object) for rows in tables]
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")
    separator = ";" if text.count(";") > text.count(",") else ","
    width = max(line.count(separator) for line in text.splitlines()) + 1
    return [pd.read_csv(io.StringIO(text), sep=separator, header=None, names=range(width), dtype=object)]


def read_table(path: Path, headings: Mapping[str, Iterable[str]]) -> pd.DataFrame | None:
    """Return the rows below the headings of a table, as they stand in the file; None where no sheet has the table."""
    found = None
    for grid in grids(path):
        cells = grid.to_numpy(dtype=object)
        for position, top in enumerate(cells):
            places = {name: [i for i, cell in enumerate(top) if cell in words] for name, words in headings.items()}
            if all(columns for name, columns in places.items() if not name.startswith("?")):
                # The last row of headings counts: a form may repeat them in a second language.
                below = cells[position + 1 :]
                found = pd.DataFrame(
                    {name.lstrip("?"): below[:, at[0]] if at else None for name, at in places.items()}, dtype=object
                )
    return found


def number(cell: object) -> float:
    """Return the number in a cell, NaN if there is none."""
    text = re.sub(r"[\s\u00a0]|[a-zа-я]+$", "", str(cell))
    text = text.replace(",", "") if "," in text and "." in text else text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return np.nan


def day(cell: object) -> object:
    """Return the day that a cell tells, with or without a time; NaT if it tells none."""
    return pd.to_datetime(str(cell), dayfirst=bool(re.match(r"\d\d?[./]", str(cell))), errors="coerce")


def in_force(inbox: Path, rejected: Iterable[str]) -> list[Path]:
    """Return the last file of each country and period, by name, without those that are rejected as a whole."""
    paths = sorted(inbox.glob("*/*"), key=lambda path: path.name)
    return list({path.stem.removesuffix("_revised"): path for path in paths if path.stem not in rejected}.values())


def read_all(paths: Iterable[Path], table: str) -> pd.DataFrame:
    """Return the rows of a table of all files, with country and the month that each row states or its file is of."""
    parts = []
    for path in paths:
        rows = read_table(path, HEADINGS[table])
        if rows is not None:
            period = re.search(r"_(\d{4}-\d\d)(?!\d)", path.stem)
            month = rows["month"] if "month" in rows and rows["month"].notna().any() else period and period[1]
            parts.append(rows.assign(country=path.name[:3], month=month))
    return pd.concat(parts, ignore_index=True)


def read_seizures(paths: Iterable[Path]) -> pd.DataFrame:
    """Return the seizures of which drug, number and unit are known and whose day is in the month of the file.

    Columns beside those sent: country, year, month (2024-01), drug as a code, kg, and unit in small letters.
    """
    rows = read_all(paths, "seizures").dropna(subset=["drug"])
    rows["day"] = pd.to_datetime(rows.groupby("country")["day"].ffill().map(day))
    own = rows["day"].dt.strftime("%Y-%m")
    rows["drug"] = rows["drug"].map(lambda text: DRUGS.get(str(text).lower()))
    rows["quantity"] = rows["quantity"].map(number)
    rows["purity"] = rows["purity"].map(number)
    good = rows[["drug", "quantity", "unit", "day"]].notna().all(axis=1) & (
        rows["month"].isna() | (rows["month"] == own)
    )
    rows = pd.DataFrame(rows[good]).assign(month=own, year=rows["day"].dt.year, unit=rows["unit"].str.lower())
    rows["kg"] = rows["quantity"] * rows["unit"].map(KILOGRAMS)
    return rows
