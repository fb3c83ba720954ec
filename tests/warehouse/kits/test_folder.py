"""The folder of a kit: whole or absent, the same twice, named by its release, and to be verified by its recipient."""

import errno
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from warehouse.kits import kits
from warehouse.kits.errors import KitError, NothingToShowError
from warehouse.kits.folder import Kit, Made, make_kit
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, Source, opened
from warehouse.releases.catalogue import current_release
from warehouse.releases.verification import verify_folder
from warehouse.storage.durable import file_sha256
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings


def write_years(source: Source, folder: Path) -> None:
    rows = source.execute("from rpt_region_by_year order by all").fetchall()
    (folder / "tables").mkdir()
    (folder / "tables" / "region.csv").write_text("\n".join(map(str, rows)))


KIT = Kit("region", "The region by year", write_years)


@pytest.fixture
def source(golden: Settings) -> Iterator[Source]:
    release = current_release(golden)
    assert release
    with opened(release, MEMBERS, golden) as seen:
        yield seen


def test_a_kit_names_its_release_by_its_hash_and_can_be_verified(source: Source, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    public = tmp_path / "public.pem"
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    made = make_kit(KIT, source, tmp_path / "kits", key)

    assert made.path == tmp_path / "kits" / str(source.release.number) / "region"
    package = json.loads((made.path / "datapackage.json").read_text())
    assert package["release"] == {
        "number": source.release.number,
        "sha256": file_sha256(source.release.path / "datapackage.json"),
        "access_version": source.access.version,
    }
    assert [resource["path"] for resource in package["resources"]] == ["tables/region.csv"]
    assert verify_folder(made.path, public).is_sound
    (made.path / "tables" / "region.csv").write_text("other figures")
    assert not verify_folder(made.path, public).is_sound


def test_the_same_kit_is_left_as_it_is_and_a_damaged_one_made_anew(source: Source, tmp_path: Path) -> None:
    first = make_kit(KIT, source, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("*")}
    assert not make_kit(KIT, source, tmp_path).is_new
    assert {path: path.stat().st_mtime_ns for path in first.path.rglob("*")} == before

    (first.path / "left_behind.csv").touch()
    assert make_kit(KIT, source, tmp_path).is_new
    assert {path.name for path in first.path.rglob("*")} == {"tables", "region.csv", "datapackage.json"}


def test_a_kit_that_fails_leaves_the_one_that_was_there(source: Source, tmp_path: Path) -> None:
    def fail(source: Source, folder: Path) -> None:
        write_years(source, folder)
        raise KitError("no space")

    made = make_kit(KIT, source, tmp_path)
    with pytest.raises(KitError, match="no space"):
        make_kit(replace(KIT, write=fail), source, tmp_path)
    assert verify_folder(made.path).is_sound
    assert [path.name for path in made.path.parent.iterdir()] == ["region"]


def test_a_disk_that_is_full_is_named_by_the_kit_that_was_being_written(source: Source, tmp_path: Path) -> None:
    def fail(_source: Source, _folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # what writing to an opened file says

    with pytest.raises(OSError, match="No space left") as full:
        make_kit(replace(KIT, write=fail), source, tmp_path)
    assert full.value.filename == str(tmp_path / str(source.release.number) / ".new-region")
    assert list((tmp_path / str(source.release.number)).iterdir()) == []


def test_a_kit_without_anything_to_show_is_none_and_an_earlier_one_is_gone(source: Source, tmp_path: Path) -> None:
    make_kit(KIT, source, tmp_path)
    with pytest.raises(NothingToShowError, match=r"^Of what members may see, the kit region shows nothing\.$"):
        make_kit(replace(KIT, write=lambda _source, _folder: None), source, tmp_path)
    assert list((tmp_path / str(source.release.number)).iterdir()) == []


def test_what_a_killed_run_left_of_any_kit_is_removed_with_the_next(source: Source, tmp_path: Path) -> None:
    release, elsewhere = tmp_path / "kits" / str(source.release.number), tmp_path / "elsewhere"
    for left in (release / ".new-gis", release / "KAZ" / ".new-old-i2", elsewhere / ".new-sdmx"):
        left.mkdir(parents=True)
        (left / "half.csv").touch()
    (release / "public").symlink_to(elsewhere)
    (release / ".new-index_en.html").touch()  # as a page beside kits that is being written
    make_kit(KIT, source, tmp_path / "kits")
    assert {path.name for path in release.rglob("*")} == {
        "region", "tables", "region.csv", "datapackage.json", "KAZ", "public", ".new-index_en.html",
    }  # fmt: skip
    assert (elsewhere / ".new-sdmx" / "half.csv").exists()


def test_every_file_of_a_kit_has_a_media_type(kit_of: Callable[[str, str], Path]) -> None:
    for name, audience in [*((name, CENTRE) for name in kits.KITS if name != "sdmx"), ("sdmx", PUBLIC)]:
        package = json.loads((kit_of(name, audience) / "datapackage.json").read_text())
        unnamed = [one["path"] for one in package["resources"] if one["mediatype"] == "application/octet-stream"]
        assert unnamed == []


def test_the_kit_for_everybody_lies_apart(golden: Settings, tmp_path: Path) -> None:
    release = current_release(golden)
    assert release
    with opened(release, PUBLIC, golden) as source:
        made = make_kit(KIT, source, tmp_path)
    assert made.path == tmp_path / str(release.number) / "public" / "region"
    package = json.loads((made.path / "datapackage.json").read_text())
    assert (package["edition"], package["release"]["sha256"]) == (
        "public", file_sha256(release.public / "datapackage.json"),
    )  # fmt: skip


def test_a_link_in_the_place_of_a_kit_is_not_written_through(source: Source, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "kits").mkdir()
    (tmp_path / "kits" / str(source.release.number)).symlink_to(elsewhere)
    with pytest.raises(KitError, match="is a link, and files would be written elsewhere"):
        make_kit(KIT, source, tmp_path / "kits")
    assert list(elsewhere.iterdir()) == []


def test_whatever_stops_one_kit_the_next_is_made(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: Source, _: Path) -> None:
        raise SaraiError(f"The models of {source.release.number} cannot be read.")

    monkeypatch.setattr(kits, "KITS", {"broken": Kit("broken", "A broken kit", fail), "region": KIT})
    error, made = kits.make_kits(["broken", "region"], source, tmp_path, None)
    assert isinstance(error, KitError)
    assert str(error) == f"The kit broken was not made. The models of {source.release.number} cannot be read."
    assert isinstance(made, Made)
