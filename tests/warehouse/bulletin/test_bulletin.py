"""The bulletin: pages in both languages that open anywhere, and figures on them that are those of the release."""

import csv
import html
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from warehouse.bulletin.bulletin import make_bulletin, write_csv
from warehouse.bulletin.numbers import NOT_KNOWN, cell
from warehouse.bulletin.periods import Periods
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.releases.catalogue import Release
from warehouse.releases.formats import recover_text
from warehouse.storage.reading import open_release
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from warehouse.questionnaire.language import Language

pytestmark = pytest.mark.server

LARGEST = 300_000  # bytes of a page
EVERYBODY = (PUBLIC, MEMBERS, CENTRE, "XAA")  # the last is a state
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def pages_of(folder: Path) -> dict[str, str]:
    """Return file name → page of a bulletin, without those of its dictionary."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))}


def figures_of(page: str) -> Iterator[str]:
    yield from re.findall(r'<figure id="[^"]+">.*?</figure>', page, re.DOTALL)


def plain(text: str) -> str:
    """Return what a reader reads of a piece of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def query_of(figure: str) -> tuple[str, bool]:
    """Return the query of a figure, and whether it is for the public edition."""
    found = re.search(
        r"<code>sarai query( --public)?</code></p>\s*<pre[^>]*><code>(.*?)</code></pre>", figure, re.DOTALL
    )
    assert found
    return html.unescape(found[2]), bool(found[1])


def rows_of(figure: str) -> list[dict[str, str]]:
    """Return the rows of the table of a figure as they are read, by the columns that they show."""
    columns = re.findall(r'<th scope="col" data-column="(\w+)"', figure)
    (body,) = re.findall(r"<tbody>(.*?)</tbody>", figure, re.DOTALL)
    rows = (re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL))
    return [dict(zip(columns, map(plain, row), strict=True)) for row in rows]


def data_of(figure: str) -> str:
    """Return the file of all rows that a figure leads to."""
    (data,) = re.findall(r'href="(data/[^"]+)"', figure)
    return str(data)


def kept_rows(folder: Path, data: str) -> list[dict[str, str]]:
    with (folder / data).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("audience", EVERYBODY)
def test_the_figures_of_each_page_are_those_of_its_query_and_its_query_those_of_the_release(
    audience: str, bulletin_of: Callable[[str], Path], golden_release: Release, golden: Settings
) -> None:
    folder, pages_with = bulletin_of(audience), defaultdict(list)
    for name, page in pages_of(folder).items():
        for figure in figures_of(page):
            pages_with[(*query_of(figure), data_of(figure))].append(name)
    with opened(golden_release, audience, golden) as source, open_release(golden_release.public_database) as public:
        for (query, is_public, data), names in pages_with.items():  # the pages of both languages share a query
            frame = (public.execute(query) if is_public else source.execute(query)).df()
            kept = kept_rows(folder, data)
            assert [*kept[0]] == [*frame.columns], (names, data)
            assert len(kept) == len(frame), (names, data)
            assert_same(frame.to_dict("records"), kept)
    assert len(pages_with) > 2


def assert_same(rows: Sequence[Mapping[Any, Any]], kept: list[dict[str, str]]) -> None:
    for row, line in zip(rows, kept, strict=True):
        for column, value in row.items():
            text = line[column]
            if text == "":
                assert pd.isna(value)
            elif isinstance(value, float):
                assert float(text) == pytest.approx(value, rel=1e-9), column
            else:
                assert str(value).removesuffix(" 00:00:00") == recover_text(text), column


@pytest.mark.parametrize("audience", EVERYBODY)
def test_the_table_of_a_figure_shows_the_numbers_of_its_file(audience: str, bulletin_of: Callable[[str], Path]) -> None:
    folder, checked = bulletin_of(audience), 0
    for name, page in pages_of(folder).items():
        language: Language = "ru" if name.endswith("_ru.html") else "en"
        for figure in figures_of(page):
            data = data_of(figure)
            rows, kept = rows_of(figure), kept_rows(folder, data)
            assert rows
            cut = re.findall(r'<p class="caveat rows">.*?(\d+)\D+(\d+)', figure)
            assert cut == ([(str(len(rows)), str(len(kept)))] if len(rows) < len(kept) else []), (name, data)
            for row, line in zip(rows, kept, strict=False):
                for column, shown in row.items():
                    if line[column] == "":
                        assert shown in {NOT_KNOWN, ""}, (name, data, column)
                    elif not column.endswith("_code") and re.fullmatch(r"-?\d+(\.\d+)?([eE]-?\d+)?", line[column]):
                        assert shown == cell(float(line[column]), column, language), (name, data, column)
                        checked += 1
    assert checked


@pytest.mark.parametrize("audience", EVERYBODY)
def test_pages_are_small_ask_nobody_and_lead_to_what_is_there(
    audience: str, bulletin_of: Callable[[str], Path]
) -> None:
    folder = bulletin_of(audience)
    pages = pages_of(folder)
    anchors = {name: re.findall(r'\bid="([^"]+)"', page) for name, page in pages.items()}
    assert {name: found for name, found in anchors.items() if len(found) != len({*found})} == {}
    for name, page in pages.items():
        assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' in page
        assert not re.search(r"<script|\bsrc=|@import|url\((?!#)|href=\"[a-z]+:|\son\w+=", page), name
        assert len(page.encode()) < LARGEST, name
        for target, anchor in re.findall(r'href="([^"#]*)#?([^"]*)"', page):
            assert not target or (folder / target).exists(), (name, target)
            assert not anchor or target or anchor in anchors[name], (name, anchor)
    assert {name.rsplit("_", 1)[0] for name in pages if name.endswith("_en.html")} == {
        name.rsplit("_", 1)[0] for name in pages if name.endswith("_ru.html")
    }


def test_every_figure_says_what_it_is_in_words_that_are_its_language(bulletin_of: Callable[[str], Path]) -> None:
    for name, page in pages_of(bulletin_of(PUBLIC)).items():
        for label in re.findall(r'<svg role="img" aria-label="([^"]*)"', page):
            assert label, name
            assert bool(re.search("[а-я]", label)) == name.endswith("_ru.html"), (name, label)


def test_the_same_release_gives_the_same_pages(
    bulletin_of: Callable[[str], Path], golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    before = bulletin_of(PUBLIC)
    shutil.copytree(before.parent, tmp_path / PUBLIC)
    with opened(golden_release, PUBLIC, golden) as source:
        again = make_bulletin(source, tmp_path, asked=Periods(years=(2024,)))
    assert not again.is_new
    assert _files(again.path) == _files(before)


def _files(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_of_a_figure_has_no_formula_that_a_spreadsheet_runs(tmp_path: Path) -> None:
    frame = pd.DataFrame({"office_name": ["=cmd|' /C calc'!A0", None, "Ош; -1+1"], "change_pct": [-1.5, 2.0, None]})
    write_csv(frame, tmp_path / "figure.csv")
    with (tmp_path / "figure.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)][1:] == [["'=cmd|' /C calc'!A0", "-1.5"], ["", "2.0"], ["Ош;' -1+1", ""]]


def test_what_is_not_known_is_no_zero() -> None:
    assert cell(None, "quantity_kg", "en") == NOT_KNOWN
    assert cell(float("nan"), "quantity_kg", "ru") == NOT_KNOWN
    assert cell(0.0, "quantity_kg", "ru") == "0"
    assert cell(1234.5678, "quantity_kg", "ru") == "1\N{NO-BREAK SPACE}234,568"
