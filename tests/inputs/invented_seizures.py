"""Invented seizures of five states with the habits of real files, and double reports of them, of several kinds."""

import csv
import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

Row = dict[str, object]

FIRST_DAY = date(2024, 1, 1)

# Drug: its share of the seizures, the median and the spread (sigma of the logarithm) of its grams.
DRUGS = {
    "HEROIN": (0.35, 900.0, 1.4),
    "OPIUM": (0.25, 1500.0, 1.5),
    "CANNABIS_HERB": (0.2, 400.0, 1.8),
    "CANNABIS_RESIN": (0.1, 1200.0, 1.5),
    "METHAMPHETAMINE": (0.1, 60.0, 1.6),
}

# One place in four is written in Russian, one in three seizures has a crossing point, and so on: as in real files.
RUSSIAN, AT_POINT, CODED, ROUTED, HEAPED = 0.25, 0.3, 0.6, 0.5, 0.15


class World:
    """Invented seizures, in the columns of fct_seizures, and their double reports."""

    def __init__(self, seeds: Path, seed: int) -> None:
        """Read provinces and crossing points from the codelists in ``seeds``."""
        self.chance = random.Random(seed)
        self.points = {row["code"]: row for row in _rows(seeds / "codelists" / "border_points.csv")}
        provinces = [row for row in _rows(seeds / "codelists" / "subdivisions.csv") if row["country_code"] in _MEMBERS]
        self.provinces = {code: [row for row in provinces if row["country_code"] == code] for code in _MEMBERS}
        self.names = {row["code"]: row for row in provinces}

    def seizure(self, number: int) -> Row:
        """Return one seizure."""
        chance = self.chance
        country = chance.choice(_MEMBERS)
        drug = chance.choices(list(DRUGS), [share for share, _, _ in DRUGS.values()])[0]
        _, median, spread = DRUGS[drug]
        grams = median * math.exp(chance.gauss(0, spread))
        # People round: many amounts are whole tens or hundreds.
        digits = chance.choice((0, 0, 1, 2)) if chance.random() > HEAPED else -int(math.log10(max(grams, 10)))
        row: Row = {
            "seizure_id": f"S:{number}",
            "submission_id": "S",
            "sheet": "",
            "source_row": number,
            "country_code": country,
            "drug_code": drug,
            "seizure_date": FIRST_DAY + timedelta(days=chance.randrange(730)),
        }
        self._place(row)
        self._weigh(row, max(round(grams, digits), 0.01), chance.choice(("G", "KG")))
        if chance.random() < ROUTED:
            row["departure_country_code"] = chance.choice(("AFG", "TJK", "UZB", "UNKNOWN"))
            row["destination_country_code"] = chance.choice(("RUS", "RUS", "KAZ", "UNKNOWN", country))
        return row

    def _place(self, row: Row) -> None:
        chance, country = self.chance, row["country_code"]
        province = chance.choice(self.provinces[str(country)])
        points = [point for point in self.points.values() if point["country_code"] == country]
        point = chance.choice(points) if chance.random() < AT_POINT else None
        named = point or province
        row["border_point_code"] = point["code"] if point else None
        row["subdivision_code"] = (named["subdivision_code"] if point else province["code"]) or None
        row["place"] = named["name_ru" if chance.random() < RUSSIAN else "name_en"]
        if chance.random() > CODED:
            row["border_point_code"] = row["subdivision_code"] = None

    def _weigh(self, row: Row, grams: float, unit: str) -> None:
        kilograms = round(grams / 1000, 9)
        row.update(quantity=grams if unit == "G" else kilograms, unit_code=unit, quantity_kg=kilograms)

    def again(self, row: Row, kind: str, number: int) -> Row | None:
        """Return a double report of a seizure, or None where this kind cannot be told of it."""
        told = row | {"seizure_id": f"{kind}:{number}", "submission_id": kind, "source_row": number}
        return told if KINDS[kind](self, told) else None

    def other_unit(self, told: Row) -> bool:
        """Grams for kilograms, in the words of another register of the same country."""
        self._weigh(told, round(_kg(told) * 1000, 6), "KG" if told["unit_code"] == "G" else "G")
        told["departure_country_code"] = told["destination_country_code"] = None
        return True

    def rounded(self, told: Row) -> bool:
        """In the other unit and cut to two or three digits."""
        grams = _kg(told) * 1000
        coarse = round(grams, self.chance.choice((1, 2)) - math.floor(math.log10(grams)))
        if math.isclose(coarse, grams):
            return False
        self.other_unit(told)
        self._weigh(told, coarse, str(told["unit_code"]))
        return True

    def next_day(self, told: Row) -> bool:
        """In the other unit and a day later."""
        told["seizure_date"] = day_of(told) + timedelta(days=1)
        return self.other_unit(told)

    def other_place(self, told: Row) -> bool:
        """In the same unit, the place in other words and without its code."""
        province = self.names.get(str(told["subdivision_code"]))
        if not province:
            return False
        told.update(place=f"г. Центр, {province['name_ru']}", subdivision_code=None, border_point_code=None)
        return True

    def other_side(self, told: Row) -> bool:
        """By the country across the crossing point, up to a day apart, its neighbour as the departure."""
        point = self.points.get(str(told["border_point_code"]))
        counterpart = self.points.get(point["counterpart_code"]) if point else None
        if not counterpart or counterpart["country_code"] not in _MEMBERS:
            return False
        told.update(
            country_code=counterpart["country_code"],
            border_point_code=counterpart["code"],
            subdivision_code=counterpart["subdivision_code"] or None,
            place=counterpart["name_ru"],
            departure_country_code=told["country_code"],
            destination_country_code="RUS",
            seizure_date=day_of(told) + timedelta(days=self.chance.choice((-1, 0, 1))),
        )
        return True

    def other_side_vague(self, told: Row) -> bool:
        """By another country, rounded, up to two days apart, its provinces and no crossing point or route."""
        home = told["country_code"]
        told["country_code"] = self.chance.choice([code for code in _MEMBERS if code != home])
        if not self.rounded(told):
            return False
        self._place(told)
        told["border_point_code"] = None
        told["seizure_date"] = day_of(told) + timedelta(days=self.chance.choice((-2, -1, 0, 1, 2)))
        return True


_MEMBERS = ("KAZ", "KGZ", "TJK", "TKM", "UZB")

KINDS: dict[str, Callable[[World, Row], bool]] = {
    "other_unit": World.other_unit,
    "rounded": World.rounded,
    "next_day": World.next_day,
    "other_place": World.other_place,
    "other_side": World.other_side,
    "other_side_vague": World.other_side_vague,
}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _kg(row: Row) -> float:
    return float(str(row["quantity_kg"]))


def day_of(row: Row) -> date:
    return date.fromisoformat(str(row["seizure_date"]))


def plant(world: World, told: list[Row], count: int) -> tuple[list[Row], dict[str, str]]:
    """Return ``count`` double reports of each kind, fewer where too few seizures allow it, and what each repeats."""
    planted: list[Row] = []
    origins: dict[str, str] = {}
    left = world.chance.sample(told, len(told))
    for kind in KINDS:
        found = 0
        for row in list(left):
            if found == count:
                break
            if report := world.again(row, kind, found + 1):
                planted.append(report)
                origins[str(report["seizure_id"])] = str(row["seizure_id"])
                left.remove(row)
                found += 1
    return planted, origins
