"""Every mart of two releases: all that is a sum has parts that make up its change, whatever has changed it."""

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import copy_warehouse, fill_inbox
from made_marts import make_gate
from published_measures import NOT_SUMS

from warehouse.lineage.comparison import Difference, compare_releases
from warehouse.lineage.contributions import is_additive
from warehouse.lineage.differing_figures import Figure
from warehouse.releases.catalogue import list_releases
from warehouse.releases.publication import write_release
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import MART_MODELS, build_models

# Sent after the first release: a revision that drops the tablets and corrects a weight, and a month that was missing.
HEADINGS = "Номер записи;Дата изъятия;Место изъятия;Наркотик;Количество;Единица измерения\n"
FILES = {
    "XAA/XAA_2024-01_revised.csv": (
        f"{HEADINGS}АР-2401;03.01.2024;Белый Мост;героин;1 500;г\nАР-2403;05.01.2024;Верхний Лог;опий;12,5;кг\n"
    ),
    "XAB/XAB_2024-02.csv": (
        "Record number,Date of seizure,Drug,Quantity,Unit\nB1,03.02.2024,Heroin,2.5,kg\nB2,04.02.2024,Opium,3,kg\n"
    ),
}


def change_seed(seeds: Path, name: str, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    path = seeds / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, **change(row)} for row in rows)


def change_rules(seeds: Path) -> None:
    """Read a word as another drug, know one more, and weigh tablets, opium and classes otherwise."""
    with (seeds / "spellings" / "drugs_spellings.csv").open("a", encoding="utf-8") as file:
        file.write("blue sand,MORPHINE,,en,invented for this test\nгашиш,CANNABIS_HERB,XAA,ru,invented for this test\n")
    tablet = "TABLET-MDMA-EQUIVALENT_KG-1"
    change_seed(
        seeds, "quantity_conversions",
        lambda r: {"conversion_id": f"{tablet}-2", "factor": "0.0003"} if r["conversion_id"] == tablet else {},
    )  # fmt: skip
    change_seed(
        seeds, "opiate_equivalents", lambda r: {"heroin_kg_per_kg": "0.11"} if r["drug_code"] == "OPIUM" else {}
    )
    limits = {"1": "2"}
    change_seed(
        seeds, "weight_classes",
        lambda r: {name: limits.get(r[name], r[name]) for name in ("from_kg", "below_kg")},
    )  # fmt: skip


def take_in(settings: Settings, reading: Path) -> None:
    """Take in what was sent as an ingest does, which answers too: each file is typed, judged and decided on."""
    from flows import steps
    from flows.offline.prepared_warehouse import judge_waiting
    from warehouse.ledger.rules_in_force import waiting

    run = steps.begin_run(settings)
    reading.mkdir()
    landed, problems = steps.land(run, steps.receive(run, [settings.inbox], reading).requests)
    assert problems == []
    steps.stage(run, [one.submission.submission_id for one in landed])
    with open_database(settings) as connection:
        while waiting(connection, run.rules):
            found = judge_waiting(connection, run.rules, settings.codelists)
            steps.decide(run, found, steps.begin_decision(run))


@pytest.fixture(scope="module")
def difference(golden: Settings, tmp_path_factory: pytest.TempPathFactory) -> Difference:
    """The golden release, and the one after all of the changes above."""
    folder = tmp_path_factory.mktemp("changed")
    project = folder / "dbt_project"
    settings = copy_warehouse(golden, folder / "var").model_copy(update={"dbt_project": project})
    shutil.copytree(golden.dbt_project, project)
    change_rules(project / "seeds")
    fill_inbox(settings.inbox, FILES)
    take_in(settings, settings.root / "reading")
    build_models(settings, MART_MODELS)
    with open_database(settings) as connection:
        write_release(connection, settings, gate_results=make_gate(folder / "gate"))
    before, after = list_releases(settings)
    return compare_releases(before, after, project)


def figures(difference: Difference) -> Iterator[tuple[str, Figure]]:
    for mart in difference.marts:
        if mart.name.startswith("rpt_"):
            yield from ((f"{mart.name}.{figure.name}", figure) for row in mart.rows for figure in row.figures)


def test_the_parts_of_every_sum_of_every_mart_make_up_its_change(difference: Difference) -> None:
    without = set()
    for name, figure in figures(difference):
        if not figure.change or not is_additive(figure.name):
            continue
        if figure.parts:
            whole = Fraction(repr(figure.after or 0)) - Fraction(repr(figure.before or 0))
            assert sum(map(Fraction, figure.parts.values())) == whole == Fraction(figure.change)
            assert "unexplained" not in {cause.kind for cause in figure.parts}
        elif figure.name not in NOT_SUMS:
            without.add(name)
    assert without == set()


def test_what_is_no_sum_has_causes_and_no_parts(difference: Difference) -> None:
    told = [figure for _, figure in figures(difference) if figure.name in NOT_SUMS or figure.name.endswith("_pct")]
    assert told
    assert all(figure.causes for figure in told)


def kinds(difference: Difference, mart: str, name: str) -> set[str]:
    return {c.kind for told, figure in figures(difference) if told == f"{mart}.{name}" for c in figure.parts}


@pytest.mark.parametrize(
    ("mart", "name", "expected"),
    [
        ("rpt_seizures_by_month", "quantity_kg", {"new_submission", "revision", "row_released", "changed_spelling"}),
        ("rpt_seizures_by_month", "equivalent_kg",
         {"new_submission", "revision", "row_released", "changed_spelling", "changed_factor"}),
        ("rpt_opiates_by_year", "heroin_equivalent_kg",
         {"new_submission", "revision", "row_released", "changed_factor"}),
        ("rpt_opiates_by_year", "opium_kg", {"new_submission"}),
        ("rpt_seizures_by_weight_class", "seizures_count",
         {"new_submission", "revision", "row_released", "changed_spelling", "changed_rule"}),
        ("rpt_seizures_by_context", "seizures_count",
         {"new_submission", "revision", "row_released", "changed_spelling"}),
        ("rpt_revisions", "seizures_count", {"new_submission", "revision", "changed_rule"}),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_told(difference: Difference, mart: str, name: str, expected: set[str]) -> None:
    assert kinds(difference, mart, name) - {"rounding"} == expected


def test_a_sum_of_the_region_is_that_of_its_countries(difference: Difference) -> None:
    """The same kilograms under the same causes, by two ways of adding up."""
    sums: dict[str, dict[object, Fraction]] = {}
    for mart in ("rpt_region_by_year", "rpt_seizures_by_year", "rpt_seizures_by_month"):
        found: dict[object, Fraction] = defaultdict(Fraction)
        for name, figure in figures(difference):
            if name == f"{mart}.quantity_kg":
                for cause, amount in figure.parts.items():
                    found[cause] += Fraction(amount)
        sums[mart] = {cause: amount for cause, amount in found.items() if getattr(cause, "kind", "") != "rounding"}
    region, years, months = sums.values()
    assert region == years == months
