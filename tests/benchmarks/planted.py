"""How often a proposal is right: real rows with one planted mistake each, of which the right answer is known.

``tests/benchmarks/planted.py FOLDER [--wrong]`` takes the reports of seizures below FOLDER (laid out as an inbox) and
plants into every other row one mistake of a kind in turn, and a mistake into a heading of some. Those that end in "?"
have no one right answer, so that any proposal is wrong. It prints by kind how many proposals are right and wrong and
how many findings have none, and with ``--wrong`` what was wrong. Nothing is kept.
"""

import csv
import itertools
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from suggestions import with_twin, with_typo

from flows.offline.check import judge_files
from flows.offline.prepared_warehouse import prepare
from warehouse.answers.answer import Answer, ProposedFix
from warehouse.questionnaire.codelists import load_codelist
from warehouse.storage.database import open_database, rows_as_dicts
from warehouse.storage.settings import Settings
from warehouse.text_table import lay_out

Row = dict[str, str]
Cells = dict[str, str]
MISSPELT, HEADING = "transport_mode", "heading"
CODED = {"drug": "drugs", "unit": "units", "destination_country": "countries", "transport_mode": "transport_modes"}
UNKNOWN = (
    "белый порошок", "неизвестное вещество", "этизолам", "methanone", "XLR-99", "кофе", "кодеон", "синтетика",
    "смесь", "pills", "blue tablets", "ethylpentedrone", "порошок без запаха", "гер.", "н/в", "MXE-3",
)  # fmt: skip


def dotted(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text[4:5] == "-" else date(*map(int, reversed(text.split("."))))
    except (ValueError, TypeError):
        return None


def other_order(row: Row, _: random.Random) -> Cells | None:
    day = dotted(row["seizure_date"])
    if day is None or day.day > 12 or day.day == day.month:
        return None
    row["seizure_date"] = f"{day:%m.%d.%Y}"
    return {"seizure_date": f"{day:%Y-%m-%d}"}


def other_year(row: Row, _: random.Random) -> Cells | None:
    if (day := dotted(row["seizure_date"])) is None or (day.month, day.day) == (2, 29):
        return None
    row["seizure_date"] = f"{day.replace(year=day.year - 1):%d.%m.%Y}"
    return {"seizure_date": f"{day:%Y-%m-%d}"}


def late(row: Row, chance: random.Random) -> Cells | None:
    if (day := dotted(row["seizure_date"])) is None:
        return None
    row["seizure_date"] = f"{day.replace(day=1) - timedelta(days=chance.randrange(1, 120)):%d.%m.%Y}"
    return {}


def commas(row: Row, _: random.Random) -> Cells | None:
    if (day := dotted(row["seizure_date"])) is None:
        return None
    row["seizure_date"] = f"{day:%d,%m,%Y}"
    return {"seizure_date": f"{day:%Y-%m-%d}"}


def typo(row: Row, chance: random.Random) -> Cells | None:
    before = row["drug"]
    row["drug"] = with_typo(before.lower(), chance)
    return {"drug": before}


def twin(row: Row, chance: random.Random) -> Cells | None:
    before = row["drug"]
    row["drug"] = with_twin(before.lower(), chance)
    return {"drug": before}


def unknown(row: Row, chance: random.Random) -> Cells | None:
    row["drug"] = chance.choice(UNKNOWN)
    return {}


def two_words(row: Row, _: random.Random) -> Cells | None:
    before = row["drug"]
    row["drug"] = f"{before} ({before.upper()})"
    return {"drug": before}


def unit_in_cell(row: Row, _: random.Random) -> Cells | None:
    before = {"quantity": row["quantity"], "unit": row["unit"]}
    row["quantity"], row["unit"] = f"{row['quantity']} {row['unit']}", ""
    return before


def letter(row: Row, _: random.Random) -> Cells | None:
    if "0" not in (before := row["quantity"]):
        return None
    row["quantity"] = before.replace("0", "О", 1)
    return {"quantity": before}


def mark(row: Row, _: random.Random) -> Cells | None:
    before, row["quantity"] = row["quantity"], f"{row['quantity']}*"
    return {"quantity": before}


def words(row: Row, _: random.Random) -> Cells | None:
    row["quantity"] = f"около {row['quantity']}"
    return {}


def columns(row: Row, _: random.Random) -> Cells | None:
    before = {"quantity": row["quantity"], "unit": row["unit"]}
    row["quantity"], row["unit"] = row["unit"], row["quantity"]
    return before


def columns_coded(row: Row, _: random.Random) -> Cells | None:
    if not (other := row.get("destination_country", "")):
        return None
    before = {"drug": row["drug"], "destination_country": other}
    row["drug"], row["destination_country"] = other, row["drug"]
    return before


def no_unit(row: Row, _: random.Random) -> Cells | None:
    before, row["unit"] = row["unit"], ""
    return {"unit": before}


def kilograms_for_grams(row: Row, _: random.Random) -> Cells | None:
    if load_codelist(Settings().codelists, "units").code_of(before := row["unit"]) != "G":
        return None
    row["unit"] = "кг"
    return {"unit": before}


def large(row: Row, _: random.Random) -> Cells | None:
    drugs = load_codelist(Settings().codelists, "drugs")
    if (code := drugs.code_of(row["drug"])) is None:
        return None
    in_grams = load_codelist(Settings().codelists, "units").code_of(row["unit"]) == "G"
    most = float(drugs.entries[code]["plausible_maximum_kg"]) * (1000 if in_grams else 1)
    row["quantity"], row["unit"] = f"{2 * most:g}", row["unit"] if in_grams else "кг"
    return {}


PLANTS: dict[str, Callable[[Row, random.Random], Cells | None]] = {
    "day and month": other_order, "another year": other_year, "late?": late, "commas in a day": commas,
    "typing error": typo, "look-alike": twin, "unknown drug?": unknown, "two words": two_words,
    "unit in the cell": unit_in_cell, "letter in a number": letter, "mark": mark, "about?": words,
    "number and unit exchanged": columns, "drug and country exchanged": columns_coded,
    "no unit": no_unit, "kilograms for grams": kilograms_for_grams, "large seizure?": large,
}  # fmt: skip


def is_right(proposal: ProposedFix, meant: Cells, country: str) -> bool:
    """Tell whether a proposal means what was sent before the mistake."""
    if proposal.heading:
        return [*meant] == [proposal.heading]
    if proposal.leaves_row_out or proposal.cells.keys() != meant.keys():
        return False
    return all(_meaning(name, text, country) == _meaning(name, meant[name], country)
               for name, text in proposal.cells.items())  # fmt: skip


def _meaning(name: str, text: str, country: str) -> str:
    if name not in CODED:
        return re.sub(r"\s", "", text).replace(",", ".")
    return load_codelist(Settings().codelists, CODED[name]).code_of(text, country) or text


def sent_rows(folder: Path) -> Iterator[tuple[str, date, list[Row]]]:
    """Yield country, month and rows of the reports below a folder."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as home:
        judge_files(settings.at(Path(home)), prepare(settings), [folder])
        with open_database(settings.at(Path(home))) as connection:
            rows = rows_as_dicts(connection.execute(
                "select country_code, reporting_month, * exclude (submission_id, sheet, source_row, extra) "
                "from raw.seizures inner join raw.submissions using (submission_id) "
                "where drug <> '' and quantity <> '' and unit <> '' order by submission_id, source_row"
            ))  # fmt: skip
    reports: dict[tuple[str, date], list[Row]] = {}
    names = ("seizure_date", "drug", "quantity", "unit", *(name for name in CODED if name not in ("drug", "unit")))
    for row in rows:
        report = reports.setdefault((row["country_code"], row["reporting_month"]), [])
        report.append({name: row[name] or "" for name in names})
    yield from ((country, month, report) for (country, month), report in reports.items())


def plant(folder: Path, target: Path) -> dict[tuple[str, int], tuple[str, Cells]]:
    """Write the reports with their mistakes; returns file name and row → the kind and what was sent before."""
    chance, turns = random.Random(1), itertools.cycle(PLANTS)
    planted: dict[tuple[str, int], tuple[str, Cells]] = {}
    for country, month, rows in sent_rows(folder):
        name = f"{country}/{country}_{month:%Y-%m}.csv"
        (target / country).mkdir(parents=True, exist_ok=True)
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            headings = {field: field for field in rows[0]}
            if len(planted) % 2:
                headings[MISSPELT] = with_typo(MISSPELT, chance)
                planted[name, 0] = HEADING, {MISSPELT: ""}
            writer.writerow(headings.values())
            for number, row in enumerate(rows, start=2):
                kind = next(turns) if number % 2 == 0 else ""
                meant = PLANTS[kind](row, chance) if kind else None
                if meant is not None:
                    planted[name, number] = kind, meant
                writer.writerow(row.values())
    return planted


def judged(folder: Path) -> list[Answer]:
    settings = Settings()
    with tempfile.TemporaryDirectory() as home:
        return judge_files(settings.at(Path(home)), prepare(settings), [folder])[1]


def main() -> None:
    """Print a line for each kind."""
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as target:
        planted = plant(Path(sys.argv[1]), Path(target))
        for answer in judged(Path(target)):
            sent = answer.submission
            for finding in answer.findings:
                kind, meant = planted.get((sent.file_name, finding.source_row or 0), ("", {}))
                is_of_heading = finding.rule in ("column_missing", "column_unknown")
                if not kind or finding.rule == "row_repeated" or (kind == HEADING) != is_of_heading:
                    continue
                verdict = "none"
                if finding.proposal:
                    verdict = "right" if is_right(finding.proposal, meant, sent.country_code or "") else "wrong"
                counts[kind, verdict] += 1
                if verdict == "wrong" and "--wrong" in sys.argv:
                    print(kind, finding.rule, finding.value, finding.proposal and finding.proposal.cells, meant)
    kinds = [*PLANTS, HEADING]
    for verdict in ("right", "wrong", "none"):
        counts["all", verdict] = sum(counts[kind, verdict] for kind in kinds)
    kinds.append("all")
    rows = [[kind, *(counts[kind, verdict] for verdict in ("right", "wrong", "none"))] for kind in kinds]
    print(lay_out(("mistake", "right", "wrong", "none"), rows))


if __name__ == "__main__":
    main()
