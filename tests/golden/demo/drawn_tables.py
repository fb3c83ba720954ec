"""The other tables of the demo's history, as Tajikistan and Uzbekistan answer them: rows below Russian headings."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from drawn_seizures import Chance, Row

Sheets = dict[str, tuple[tuple[str, ...], list[Row]]]


class Side(NamedTuple):
    """What one state answers in its own words: itself, its counterpart, its crossings, offices, towns and prices."""

    country: str
    counterpart: str
    points: tuple[str, ...]
    offices: tuple[Row, ...]
    agency: str
    city: str
    offences: tuple[str, str]
    prices: tuple[Row, ...]
    travellers: int


# Of an office: month that names it, name, crossing, state across, kind, opened and closed.
TAJIKISTAN = Side(
    "TJK", "UZB", ("Фотехобод", "Дусти"),
    (["2022-01", "ОПВ Фотехобод", "Фотехобод", "UZB", "Автомобильный", date(2012, 6, 1), ""],
     ["2022-01", "ОПВ Нижний Пяндж", "Нижний Пяндж", "AFG", "Автомобильный", date(2013, 4, 15), ""],
     ["2022-10", "ОПВ Дусти", "Дусти", "UZB", "Автомобильный", date(2022, 10, 3), ""]),
    "ТС", "Душанбе", ("060121", "060111"),
    (["Душанбе", "героин", "розница", "г", 60, "TJS", 5], ["Душанбе", "героин", "опт", "кг", 3400, "USD", 4],
     ["Душанбе", "опий", "опт", "кг", 4300, "TJS", 4], ["Душанбе", "гашиш", "опт", "кг", 3100, "TJS", 3],
     ["Куляб", "гашиш", "розница", "г", 9, "TJS", 2]),
    21000,
)  # fmt: skip
UZBEKISTAN = Side(
    "UZB", "TJK", ("Ойбек", "Сариасия", "Дустлик"),
    (["2022-01", "ОПВ Ойбек", "Ойбек", "TJK", "Автомобильный", date(2018, 3, 1), ""],
     ["2022-01", "ОПВ Сариасия", "Сариасия", "TJK", "Автомобильный", date(2014, 9, 1), ""],
     ["2022-01", "ОПВ Дустлик", "Дустлик", "KGZ", "Автомобильный", date(2018, 6, 1), date(2023, 6, 30)],
     ["2022-01", "ОПВ Айритом", "Айритом", "AFG", "Автомобильный", date(2018, 11, 20), ""]),
    "ТК", "Ташкент", ("06012", "06011"),
    (["Ташкент", "героин", "розница", "г", 640000, "UZS", 5], ["Ташкент", "героин", "опт", "кг", 14500, "USD", 3],
     ["Ташкент", "опий", "опт", "кг", 110000, "RUB", 3], ["Ташкент", "гашиш", "опт", "кг", 2600, "EUR", 3],
     ["Ташкент", "МДМА", "розница", "таб.", 250000, "UZS", 4]),
    20500,
)  # fmt: skip


ITEMS = (("рентген", 1, "УНП ООН"), ("рации", 8, "свой бюджет"), ("собака", 2, "УНП ООН"))
Draw = Callable[[Chance, Side, date], Iterator[Row]]


def draw_tables(side: Side, months: list[date]) -> Sheets:
    """Return every table but the seizures, by the title of its sheet; the same in every run."""
    drawn = {name: (headings, _rows(name, draw, side, months)) for name, headings, draw in TABLES}
    offices = ("Месяц", "Название офиса", "Пункт пропуска", "Страна-партнёр", "Вид пункта пропуска", "Дата открытия",
               "Дата закрытия")  # fmt: skip
    return {**drawn, "Реестр офисов": (offices, list(side.offices))}


def _rows(name: str, draw: Draw, side: Side, months: list[date]) -> list[Row]:
    return [row for month in months for row in draw(Chance(f"{name} {side.country} {month}"), side, month)]


def persons(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    sold, used = side.offences
    yield [f"{month:%Y-%m}", sold, "", "мужской", "взрослые", side.country, chance.randint(8, 24)]
    yield [f"{month:%Y-%m}", sold, "", "женский", "взрослые", side.country, chance.randint(1, 5)]
    yield [f"{month:%Y-%m}", used, "", "мужской", "взрослые", side.country, chance.randint(5, 20)]
    yield [f"{month:%Y-%m}", used, "", "мужской", "несовершеннолетние", side.country, chance.randint(0, 3)]
    yield [f"{month:%Y-%m}", sold, "осуждены", "мужской", "взрослые", side.country, chance.randint(3, 12)]
    if month.month % 2:
        yield [f"{month:%Y-%m}", sold, "", "мужской", "взрослые", "AFG", chance.randint(1, 4)]
    if month.month % 3 == 0:
        yield [f"{month:%Y-%m}", sold, "", "не известно", "взрослые", "--", chance.randint(1, 5)]
        yield [f"{month:%Y-%m}", used, "", "женский", "не известно", "не известно", chance.randint(1, 3)]


def prices(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month % 3 == 0:
        for place, drug, level, unit, usual, currency, observations in side.prices:
            typical = float(f"{usual * chance.uniform(0.9, 1.15):.3g}")
            lowest, highest = (float(f"{typical * part:.3g}") for part in (0.8, 1.3))
            yield [f"{month:%Y-%m}", place, drug, level, unit, lowest, typical, highest, currency, observations]


def activities(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    women, men = chance.randint(0, 3), chance.randint(5, 12)
    yield [month.replace(day=10), side.points[0], "Совместный патруль", side.counterpart, women, men, "", ""]
    if month.month % 3 == 1:
        yield [
            month.replace(day=21),
            side.points[1],
            "Обучение",
            "",
            chance.randint(2, 6),
            chance.randint(6, 14),
            "",
            "",
        ]
    if month.month == 9:
        yield [month.replace(day=5), side.points[0], "Совместная операция", side.counterpart, 2, 18, 3, 4]


def exchanges(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    for direction in ("отправлено", "получено"):
        asked = chance.randint(2, 9)
        yield [f"{month:%Y-%m}", side.points[0], side.counterpart, direction,
               "Между офисами пограничного взаимодействия", asked, chance.randint(1, asked), chance.randint(1, 9),
               chance.randint(0, 2)]  # fmt: skip


def contraband(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month % 2:
        yield [month.replace(day=chance.randint(1, 28)), side.points[0], "Табачные изделия", "сигареты без акциза",
               chance.randint(20, 400), "упаковка", chance.randint(500, 9000), "USD"]  # fmt: skip
    if month.month == 8:
        yield [month.replace(day=19), side.points[1], "Наличные деньги и ценные бумаги", "не задекларированы", "", "",
               chance.randint(12000, 60000), "USD"]  # fmt: skip


def staff(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month in {1, 7}:
        for point in side.points:
            yield [f"{month:%Y-%m}", point, side.agency, "Руководство", chance.randint(0, 1), 2, 0, 0]
            yield [f"{month:%Y-%m}", point, side.agency, "Оперативный состав", chance.randint(2, 5),
                   chance.randint(12, 20), chance.choice((0, 1, 2, "--")), chance.randint(0, 2)]  # fmt: skip


def throughput(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    for point in side.points:
        for direction in ("Въезд", "Выезд"):
            travellers = int(side.travellers * chance.uniform(0.85, 1.15)) + 2500 * (month.month in {7, 8})
            vehicles = travellers // 6
            yield [f"{month:%Y-%m}", point, direction, travellers, vehicles, vehicles // 20]


def equipment(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month == 1:
        for point in side.points:
            for item, number, donor in ITEMS:
                yield [f"{month:%Y-%m}", point, item, number, chance.randint(number - 1, number), donor]


def stories(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month in {3, 9}:
        kilograms = chance.randint(2, 9)
        yield [f"{month:%Y-%m}", side.points[0], f"{kilograms} кг в топливном баке",
               "Сообщение соседнего офиса пришло за час до машины; бак разобрали вместе.", "да"]  # fmt: skip


def challenges(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month in {11, 12, 1, 2}:
        yield [f"{month:%Y-%m}", side.points[1], "Вода, электричество, отопление", chance.choice((2, 3)),
               "Отопление с перебоями"]  # fmt: skip
    if month.month % 4 == 0:
        yield [f"{month:%Y-%m}", side.points[0], "Кадры", chance.choice((1, 2, "--")), "Смена состава каждые полгода"]


def laboratories(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month == 6 and side.country == "UZB":
        yield [month.replace(day=14), "Ташкентская область", "Ангрен", "Малая лаборатория", "мефедрон",
               chance.randint(1, 3)]  # fmt: skip
    if month.month == 10 and side.country == "TJK":
        yield [month.replace(day=3), "Районы республиканского подчинения", "Гиссар", "Кухонная лаборатория, для себя",
               "метамфетамин", 1]  # fmt: skip


def eradication(chance: Chance, side: Side, month: date) -> Iterator[Row]:
    if month.month in {6, 7}:
        province = {"TJK": "Хатлонская область", "UZB": "Самаркандская область"}[side.country]
        yield [f"{month:%Y-%m}", province, "Опийный мак", round(chance.uniform(0.05, 0.4), 2),
               chance.randint(900, 4000), chance.randint(3, 12)]  # fmt: skip


TABLES = (
    ("Лица", ("Месяц", "Правонарушение (МКПС)", "Стадия дела", "Пол", "Возрастная группа", "Гражданство",
              "Число лиц"), persons),
    ("Цены", ("Месяц", "Место", "Наркотик", "Уровень рынка", "Цена за единицу", "Минимальная цена", "Типичная цена",
              "Максимальная цена", "Валюта", "Число наблюдений"), prices),
    ("Мероприятия", ("Дата мероприятия", "Пункт пропуска", "Вид мероприятия", "Страна-партнёр", "Участники-женщины",
                     "Участники-мужчины", "Последовавшие изъятия", "Задержано лиц"), activities),
    ("Обмен информацией", ("Месяц", "Пункт пропуска", "Страна-партнёр", "Отправлено или получено", "Канал связи",
                           "Запросы", "Запросы с ответом", "Дней до ответа", "Инициативные сообщения"), exchanges),
    ("Иная контрабанда", ("Дата изъятия", "Пункт пропуска", "Вид товара", "Что именно", "Количество товара",
                          "Единица товара", "Стоимость", "Валюта"), contraband),
    ("Личный состав", ("Месяц", "Пункт пропуска", "Ведомство", "Вид должности", "Женщины в штате", "Мужчины в штате",
                       "Вакансии", "Выбыло сотрудников"), staff),
    ("Движение через границу", ("Месяц", "Пункт пропуска", "Въезд или выезд", "Лица, пересёкшие границу",
                                "Автотранспорт", "Углублённые досмотры"), throughput),
    ("Оборудование", ("Месяц", "Пункт пропуска", "Оборудование", "Имеется", "Исправно", "От кого получено"), equipment),
    ("Истории успеха", ("Месяц", "Пункт пропуска", "Заголовок", "История успеха", "Можно публиковать"), stories),
    ("Трудности", ("Месяц", "Пункт пропуска", "Вид трудности", "Острота", "Трудность"), challenges),
    ("Лаборатории", ("Дата ликвидации", "Область", "Место", "Размер лаборатории", "Основной наркотик",
                     "Задержано лиц"), laboratories),
    ("Уничтожение посевов", ("Месяц", "Область", "Культура", "Уничтоженная площадь", "Уничтожено растений",
                             "Уничтожено участков"), eradication),
)  # fmt: skip
