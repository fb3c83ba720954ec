"""The seizures of the demo's history: what each state usually seizes, drawn by chance with a seed."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

Row = list[Any]
Chance = random.Random


class Habit(NamedTuple):
    """A drug as a state seizes it: its word, cases in a usual month, unit and usual amount of a case, its season."""

    drug: str
    cases: float
    unit: str
    amount: float
    season: str = "uuuuuuuuuuuu"  # a letter per month: few, usual, many


SEASONS = {"f": 0.4, "u": 1.0, "m": 2.4}
HARVEST, SPRING = "ffffuuummmmu", "fuummmmuufff"
HEADINGS = {
    "ru": ("Дата изъятия", "Область", "Пункт пропуска", "Наркотик", "Количество", "Единица измерения", "Чистота",
           "Место сокрытия", "Транспорт", "Страна происхождения", "Страна отправления", "Страна транзита",
           "Страна назначения", "Маршрут", "Как обнаружено", "Ведомство", "Задержано лиц"),
    "en": ("Date of seizure", "Province", "Border crossing point", "Drug or substance", "Quantity", "Unit", "Purity",
           "Hiding place", "Means of transport", "Country of production", "Country of departure", "Country of transit",
           "Country of destination", "Routing", "How it was found", "Agency", "Persons detained"),
}  # fmt: skip
HIDING = {"ru": ("багаж", "груз", "узлы автомобиля", "на теле", ""),
          "en": ("Baggage", "Freight", "Car Parts", "Body", "")}  # fmt: skip
TRANSPORT = {"ru": ("легковой автомобиль", "грузовой автомобиль", "железнодорожный транспорт", "пешком"),
             "en": ("Private road", "Commercial road", "Rail", "On foot")}  # fmt: skip
FOUND = {"ru": ("служебная собака", "рентген", "ручной досмотр", "оперативная информация", "анализ рисков", ""),
         "en": ("Service dog", "X-ray or inspection complex", "Search by hand", "Information received",
                "")}  # fmt: skip
ROUTING = {"ru": ("Ввоз", "Вывоз", "Транзит", ""), "en": ("Border - inbound", "Border - outbound", "")}
AFGHAN = {"героин", "опий", "гашиш", "метамфетамин", "Heroin", "Opium", "Cannabis resin"}
# Province and crossing point, the second empty for what is seized inland.
PLACES = {
    "KAZ": (("Жамбылская область", "Кордай"), ("Жамбылская область", "Сыпатай батыр"), ("Алматы", ""),
            ("Жамбылская область", ""), ("Туркестанская область", "")),
    "KGZ": (("Osh Region", "Dostuk"), ("Osh Region", "Bor-Dobo"), ("Chuy Region", ""), ("Issyk-Kul Region", "")),
    "TJK": (("Согдийская область", "Фотехобод"), ("Хатлонская область", "Нижний Пяндж"),
            ("Районы республиканского подчинения", "Дусти"), ("Хатлонская область", "")),
    "UZB": (("Ташкентская область", "Ойбек"), ("Сурхандарьинская область", "Айритом"),
            ("Сурхандарьинская область", "Сариасия"), ("Андижанская область", "Дустлик"), ("город Ташкент", "")),
}  # fmt: skip
AGENCIES = {"KAZ": ("МВД", "КНБ", "КГД"), "KGZ": ("МВД", "ГКНБ", "ГТС"), "TJK": ("АКН", "МВД", "ТС"),
            "UZB": ("ТК", "СГБ", "МВД")}  # fmt: skip
ONWARD = {"KAZ": ("RUS", "RUS", "KAZ", "--"), "KGZ": ("KAZ", "RUS", "UZB", ""), "TJK": ("UZB", "RUS", "KAZ", ""),
          "UZB": ("UZB", "RUS", "KAZ", "--")}  # fmt: skip
BEFORE = {"KAZ": ("UZB", "KGZ"), "KGZ": ("TJK",), "TJK": ("AFG", "AFG", "TJK"), "UZB": ("TJK", "TJK", "AFG")}
HABITS = {
    "KAZ": (Habit("марихуана", 4, "кг", 9, HARVEST), Habit("гашиш", 1.2, "кг", 5), Habit("героин", 0.4, "кг", 1.6),
            Habit("мефедрон", 0.4, "г", 240), Habit("трамадол", 0.2, "амп.", 60),
            Habit("уксусный ангидрид", 0.1, "л", 20)),
    "KGZ": (Habit("Cannabis resin", 1.5, "kg", 3, HARVEST), Habit("Cannabis herb", 2, "kg", 4, HARVEST),
            Habit("Heroin", 0.5, "g", 420), Habit("Opium", 0.3, "g", 300)),
    "TJK": (Habit("опий", 2.4, "кг", 9, SPRING), Habit("героин", 1.6, "кг", 3), Habit("гашиш", 1.6, "кг", 20),
            Habit("метамфетамин", 0.8, "кг", 1.5), Habit("марихуана", 0.8, "кг", 4, HARVEST)),
    "UZB": (Habit("опий", 1.6, "кг", 6, SPRING), Habit("героин", 1.2, "г", 700), Habit("гашиш", 1, "кг", 8),
            Habit("марихуана", 1.4, "кг", 6, HARVEST), Habit("прегабалин", 0.5, "капс.", 300),
            Habit("МДМА", 0.3, "таб.", 90), Habit("маковая солома", 0.4, "кг", 8)),
}  # fmt: skip


def months_of(first: int, last: int) -> list[date]:
    return [date(year, month, 1) for year in range(first, last + 1) for month in range(1, 13)]


def draw_seizures(country: str, months: list[date], language: str) -> list[Row]:
    """Return the seizures of months, rows below HEADINGS; few or many by the season of each drug."""
    return [row for month in months for row in _draw_month(country, month, language)]


def _draw_month(country: str, month: date, language: str) -> Iterator[Row]:
    chance = Chance(f"{country} {month}")
    for habit in HABITS[country]:
        usual = habit.cases * SEASONS[habit.season[month.month - 1]]
        for _ in range(int(usual * chance.lognormvariate(0, 0.25) + chance.random())):
            yield _draw(chance, country, month, language, habit)


def _draw(chance: Chance, country: str, month: date, language: str, habit: Habit) -> Row:
    province, point = chance.choice(PLACES[country])
    amount = habit.amount * min(chance.lognormvariate(0, 0.7), 5)
    is_kilograms = habit.unit in {"кг", "kg"}
    purity = chance.choice(("", "", 15, 25, 40, 55)) if habit.drug.lower() in {"героин", "heroin"} else ""
    return [
        month.replace(day=chance.randint(1, 28)), province, point, habit.drug,
        round(amount, 2) if is_kilograms else round(amount) + 1, habit.unit, purity, chance.choice(HIDING[language]),
        chance.choice(TRANSPORT[language]), "AFG" if habit.drug in AFGHAN else "",
        chance.choice((*BEFORE[country], "")), chance.choice(("", "", *BEFORE[country])),
        chance.choice(ONWARD[country]), chance.choice(ROUTING[language]), chance.choice(FOUND[language]),
        chance.choice(AGENCIES[country]), chance.choice((0, 1, 1, 2, "")),
    ]  # fmt: skip


# What is planted: two registers of one state tell one seizure, two states tell one, a month is far above the others,
# and a dot stands where commas mark decimals.
TOLD_TWICE = [
    [date(2022, 5, 17), "Жамбылская область", "Кордай", "героин", 4.318, "кг", 40, "груз", "грузовой автомобиль", "AFG",
     "KGZ", "", "RUS", "Ввоз", "рентген", "КНБ", 1],
    [date(2022, 5, 17), "Жамбылская область", "", "героин", 4318, "г", "", "", "", "AFG", "", "", "", "", "", "МВД",
     ""],
]  # fmt: skip
TOLD_BY_TAJIKISTAN = [date(2023, 3, 14), "Согдийская область", "Фотехобод", "героин", 7.235, "кг", "", "груз",
                      "грузовой автомобиль", "AFG", "TJK", "", "UZB", "Вывоз", "рентген", "АКН", 2]  # fmt: skip
TOLD_BY_UZBEKISTAN = [date(2023, 3, 15), "Ташкентская область", "Ойбек", "героин", 7235, "г", 55, "груз",
                      "грузовой автомобиль", "AFG", "TJK", "", "UZB", "Ввоз", "рентген", "ТК", 2]  # fmt: skip
FAR_ABOVE = [
    [date(2023, 2, day), "Жамбылская область", "", "марихуана", kilograms, "кг", "", "груз", "грузовой автомобиль",
     "KAZ", "KAZ", "", "RUS", "", "оперативная информация", "МВД", 3]
    for day, kilograms in ((7, 141.5), (9, 138.2), (16, 133.7), (21, 96.4))
]  # fmt: skip
DOTTED = [date(2023, 9, 20), "Жамбылская область", "Кордай", "марихуана", "12.350", "кг", "", "багаж",
          "легковой автомобиль", "KAZ", "KAZ", "", "RUS", "Вывоз", "служебная собака", "МВД", 1]  # fmt: skip
