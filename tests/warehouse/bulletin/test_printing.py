"""Pages as PDF."""

import shutil
from pathlib import Path

import pytest

from warehouse.bulletin import printing
from warehouse.bulletin.printing import print_pages
from warehouse.kits.errors import KitError

PAGES = ("index", "month-2023-12", "month-2024-03", "month-2024-03-places", "year-2023", "country-KAZ")
needs_chromium = pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")


@pytest.fixture
def bulletin(tmp_path: Path) -> Path:
    folder = tmp_path / "members" / "7"
    folder.mkdir(parents=True)
    for name in PAGES:
        for language in ("en", "ru"):
            (folder / f"{name}_{language}.html").write_text(f"<p>{name}</p>", encoding="utf-8")
    return folder


@needs_chromium
@pytest.mark.server
def test_the_newest_month_the_years_and_profiles_are_printed_beside_the_bulletin(bulletin: Path) -> None:
    for name in PAGES[1:4]:
        for language in ("en", "ru"):
            (bulletin / f"{name}_{language}.html").unlink()
    (bulletin / "month-2024-03_en.html").write_text("<p>March</p>", encoding="utf-8")
    (bulletin / "month-2024-03_ru.html").write_text("<p>Март</p>", encoding="utf-8")
    printed = {path.name: path.read_bytes()[:5] for path in print_pages(bulletin)}
    names = [f"{name}_{language}.pdf" for name in (PAGES[5], PAGES[2], PAGES[4]) for language in ("en", "ru")]
    assert printed == dict.fromkeys(names, b"%PDF-")
    assert sorted(path.name for path in (bulletin.parent / "pdf" / "7").iterdir()) == sorted(names)


def test_without_chromium_it_is_said_what_to_do(bulletin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(KitError, match="Chromium is not installed"):
        list(print_pages(bulletin))


def test_a_page_that_chromium_cannot_print_is_named(
    bulletin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho 'no display' >&2\nexit 1\n")
    browser.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _name: str(browser))
    with pytest.raises(KitError, match=r"country-KAZ_ru\.html was not printed: no display\."):
        list(print_pages(bulletin))
    assert list((bulletin.parent / "pdf" / "7").iterdir()) == []


def test_a_browser_that_does_not_end_is_stopped_and_what_a_killed_run_left_is_gone(
    bulletin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = bulletin.parent / "pdf" / "7" / ".new-country-KAZ_en.pdf"
    left.parent.mkdir(parents=True)
    left.touch()
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\nexec sleep 60\n")
    browser.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _name: str(browser))
    monkeypatch.setattr(printing, "_LONGEST", 0.1)
    with pytest.raises(KitError, match=r"was not printed: Chromium has not ended after 0\.1 seconds\."):
        list(print_pages(bulletin))
    assert list(left.parent.iterdir()) == []


def test_nothing_is_printed_through_a_link(bulletin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bulletin.parent / "pdf").symlink_to(tmp_path)
    monkeypatch.setattr(shutil, "which", str)
    with pytest.raises(KitError, match="pdf is a link"):
        list(print_pages(bulletin))
