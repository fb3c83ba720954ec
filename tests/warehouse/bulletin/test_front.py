"""Front pages: what is new, files that are those of the release, the gate in words, and a list of all bulletins."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made_releases import Seizure
from published_releases import publish_each, sent

from warehouse.bulletin.corrections.published import steps
from warehouse.bulletin.edition import open_edition
from warehouse.bulletin.front.downloads import kits_on_disk
from warehouse.bulletin.front.making import signature
from warehouse.bulletin.front.news import news
from warehouse.bulletin.front.releases import NEWS, write_releases
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.releases.catalogue import Release
from warehouse.releases.verification import verify_folder
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
FIRST = sent("first", "KAZ", JANUARY, Seizure("OPIUM", 0.7))
REVISED = sent("second", "KAZ", JANUARY, Seizure("OPIUM", 0.75), Seizure("HEROIN", 1.0))
LATE = sent("late", "UZB", JANUARY)
NEXT = sent("next", "KAZ", FEBRUARY, Seizure("OPIUM", 1.0))


@pytest.mark.parametrize(
    ("releases", "told"),
    [
        ([[FIRST]], ["No earlier release is here that it could be compared with."]),
        ([[FIRST], [FIRST]], ["Nothing that release 1 had published of seizures is said otherwise."]),
        ([[FIRST], [FIRST, NEXT]], ["Published for the first time: February 2024."]),
        (
            [[FIRST], [FIRST, REVISED, LATE]],
            ["Who reported changed: January 2024 (State UZB).", "Corrected: January 2024 (Heroin, Opium)."],
        ),
        # What was corrected before is not new.
        ([[FIRST], [FIRST, REVISED], [FIRST, REVISED, NEXT]], ["Published for the first time: February 2024."]),
    ],
)  # fmt: skip
def test_what_is_new_is_told_against_the_release_before(tmp_path: Path, releases: list[Any], told: list[str]) -> None:
    days = {f"2024-0{month}-25": release for month, release in enumerate(releases, start=2)}
    newest = publish_each(tmp_path / "releases", days)[-1]
    with opened(newest, PUBLIC, Settings(home=tmp_path)) as source:
        assert [*news(open_edition(source), steps(source))] == told


def test_what_an_earlier_version_did_not_publish_is_named_to_whoever_could_see_it(tmp_path: Path) -> None:
    (release,) = publish_each(tmp_path / "releases", {"2024-02-25": [FIRST]})
    lacking = {}
    for audience in (PUBLIC, MEMBERS, CENTRE, "KAZ"):
        with opened(release, audience, Settings(home=tmp_path)) as source:
            lacking[audience] = {*open_edition(source).lacking}
    asked = ("rpt_seizures_by_month", "rpt_changes", "rpt_routes", "fct_stories")
    assert {audience: [mart for mart in asked if mart in marts] for audience, marts in lacking.items()} == {
        PUBLIC: ["rpt_changes"],
        MEMBERS: ["rpt_changes", "rpt_routes"],
        CENTRE: ["rpt_changes", "rpt_routes", "fct_stories"],
        "KAZ": ["rpt_changes", "rpt_routes", "fct_stories"],
    }


def test_of_many_months_that_changed_the_newest_are_told_one_by_one(tmp_path: Path) -> None:
    months = [date(year, month, 1) for year in (2022, 2023) for month in range(1, 8)]
    before = [sent(f"{month}", "KAZ", month, Seizure("OPIUM", 1.0)) for month in months]
    after = [sent(f"{month}", "KAZ", month, Seizure("OPIUM", 2.0)) for month in months]
    newest = publish_each(tmp_path / "releases", {"2024-02-25": before, "2024-03-25": after})[-1]
    with opened(newest, PUBLIC, Settings(home=tmp_path)) as source:
        told = [*news(open_edition(source), steps(source))]
    assert (len(told), told[0], told[-1]) == (
        13, "Corrected: July 2023 (Opium).", "Changed too: February 2022, January 2022.",
    )  # fmt: skip


def test_the_list_of_bulletins_has_those_that_are_whole_the_newest_first(tmp_path: Path) -> None:
    # Of 7 there is no data package, and the bulletin of 9 was put into the folder of 6 by hand.
    for number, text in {"9": "", "10": "", "8": "{", "7": None, "6": ""}.items():
        (tmp_path / number / "data").mkdir(parents=True)
        told = {"number": int(number), "day": "2024-02-25", "news": {"en": [f"N{number} <b>"], "ru": ["Н"]}}
        (tmp_path / number / NEWS).write_text(text or json.dumps(told))
        if text is not None:
            version = number.replace("6", "9")
            (tmp_path / number / "datapackage.json").write_text(f'{{"version": "{version}"}}')
    write_releases(tmp_path, PUBLIC)
    page = (tmp_path / "index_en.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(\d+)/index_en\.html"', page) == ["10", "9"]
    assert "N10 &lt;b&gt;" in page
    assert 'href="10/index_ru.html"' in (tmp_path / "index_ru.html").read_text(encoding="utf-8")
    choice = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', choice) == ["index_ru.html", "index_en.html"]


def test_kits_are_named_by_their_place_for_their_reader_alone(tmp_path: Path) -> None:
    for name in ("excel", "centre/i2", "2/excel", ".new-gis"):
        (tmp_path / "kits" / "3" / name).mkdir(parents=True)
        (tmp_path / "kits" / "3" / name / "datapackage.json").write_text(name)
    source: Any = SimpleNamespace(settings=Settings(home=tmp_path), release=Release(3, tmp_path), audience=MEMBERS)
    (kit,) = kits_on_disk(source)
    assert (kit.path, kit.size, kit.size_in("ru")) == ("kits/3/excel", 5, "0,005 кБ")
    source.audience = CENTRE
    assert [one.path for one in kits_on_disk(source)] == ["kits/3/centre/i2"]


def test_a_signature_is_named_by_its_key(tmp_path: Path) -> None:
    (release,) = publish_each(tmp_path / "releases", {"2024-02-25": [FIRST]})
    with opened(release, PUBLIC, Settings(home=tmp_path)) as source:
        edition = open_edition(source)
        assert signature(edition, None).startswith("This bulletin is not signed")
        assert re.search(r"key is [0-9a-f]{64}\.$", signature(edition, Ed25519PrivateKey.generate()))


def test_the_public_edition_goes_with_its_bulletin_wherever_that_is_copied(
    bulletin_of: Callable[[str], Path], golden_release: Release, tmp_path: Path
) -> None:
    folder = shutil.copytree(bulletin_of(PUBLIC), tmp_path / "copy")
    assert verify_folder(folder).is_sound
    assert verify_folder(folder / "downloads").is_sound
    page = (folder / "index_en.html").read_text(encoding="utf-8")
    listed = dict(re.findall(r'<a href="(downloads/[^"]+)">.*?<code>([0-9a-f]{64})</code>', page))
    files = {path.relative_to(folder).as_posix(): file_sha256(path) for path in (folder / "downloads").rglob("*.*")}
    assert listed == files
    assert (folder / "downloads" / "datapackage.json").read_bytes() == (
        golden_release.public / "datapackage.json"
    ).read_bytes()
    assert not (bulletin_of(MEMBERS) / "downloads").exists()


def test_the_gate_is_told_in_numbers(bulletin_of: Callable[[str], Path], golden_release: Release) -> None:
    results = json.loads((golden_release.path / "gate" / "results.json").read_text(encoding="utf-8"))
    count = sum(len(suite["rules"]) for suite in results["suites"])
    page = (bulletin_of(PUBLIC) / "index_en.html").read_text(encoding="utf-8")
    assert "An earlier version" not in page
    assert f"{count} checks were made before the publication, on these many tables: {len(results['suites'])}." in page
    assert f"Warnings: {results['warnings_count']}; errors that were waived: {len(results['waivers'])}." in page
