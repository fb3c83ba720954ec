"""The dictionary: a page for each mart that its reader sees, in both languages, true to the release, asking nobody."""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import pytest

from warehouse.dictionary import pages
from warehouse.dictionary.columns import column_entries
from warehouse.dictionary.examples import ask, cell
from warehouse.dictionary.relations import codelist_of, relations
from warehouse.dictionary.subjects import entries
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, Source, opened
from warehouse.questionnaire.language import LANGUAGES
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

LARGEST = 300_000  # bytes of a page
SHARED = (pages.INDEX, pages.COLUMNS, pages.CODE_LISTS, pages.RELATIONS)


@dataclass(frozen=True)
class Written:
    """The dictionary of a reader: what it was made of, and file name → page."""

    source: Source
    pages: dict[str, str]


@pytest.fixture(scope="module")
def dictionary(
    golden: Settings, golden_release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Written]]:
    """What writes the dictionary of a reader, once."""
    written: dict[str, Written] = {}

    with ExitStack() as stack:

        def write(audience: str) -> Written:
            if audience not in written:
                source = stack.enter_context(opened(golden_release, audience, golden))
                written[audience] = Written(source, pages_of(source, tmp_path_factory.mktemp(audience)))
            return written[audience]

        yield write


def pages_of(source: Source, folder: Path) -> dict[str, str]:
    pages.write(source, folder)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def plain(text: str) -> str:
    """Return what a reader reads of a piece of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def rows_of(page: str) -> dict[str, str]:
    """Return column → its row in the table of columns."""
    return dict(re.findall(r'<tr id="(\w+)">(.*?)</tr>', page, re.DOTALL))


@pytest.mark.parametrize("audience", [PUBLIC, MEMBERS, "XAA", CENTRE])
def test_every_mart_and_column_that_a_reader_sees_is_there_and_nothing_else(
    audience: str, dictionary: Callable[[str], Written]
) -> None:
    written = dictionary(audience)
    marts = written.source.marts
    assert {*written.pages} == {pages.page_name(n, language) for n in (*SHARED, *marts) for language in LANGUAGES}
    for mart in marts.values():
        for language in LANGUAGES:
            page = written.pages[pages.page_name(mart.name, language)]
            assert [*rows_of(page)] == [column.name for column in mart.columns]
            assert f'<html lang="{language}">' in page
            assert mart.name in written.pages[pages.page_name(pages.INDEX, language)]
    hidden = {"largest_seizure_id"} if audience in {PUBLIC, MEMBERS} else set()
    assert [name for name in hidden if f"#{name}" in written.pages["columns_en.html"]] == []


def test_of_an_aggregate_with_secret_columns_the_public_sees_those_of_its_edition(
    dictionary: Callable[[str], Written],
) -> None:
    public, centre = (dictionary(one).pages["rpt_seizures_by_month_en.html"] for one in (PUBLIC, CENTRE))
    assert "quantity_kg" in rows_of(centre)
    assert "quantity_kg" not in rows_of(public)
    expected = public[public.index("It becomes") :].partition("</table>")[0]
    assert "quantity_<wbr>kg_<wbr>without_<wbr>duplicates" in expected
    assert "quantity_<wbr>kg<" not in expected


@pytest.mark.parametrize("audience", [PUBLIC, CENTRE])
def test_links_lead_to_pages_and_places_that_are_there(audience: str, dictionary: Callable[[str], Written]) -> None:
    written = dictionary(audience).pages
    anchors = {name: re.findall(r'\bid="([^"]+)"', page) for name, page in written.items()}
    assert [name for name, found in anchors.items() if len(found) != len({*found})] == []
    links = {
        (name, target or name, anchor)
        for name, page in written.items()
        for target, anchor in re.findall(r'href="([^"#]*)#?([^"]*)"', page)
    }
    assert len(links) > len(written)
    assert [link for link in links if link[1] not in written or (link[2] and link[2] not in anchors[link[1]])] == []


@pytest.mark.parametrize("audience", [PUBLIC, CENTRE])
def test_no_page_asks_the_network_or_runs_a_script_and_none_is_too_large(
    audience: str, dictionary: Callable[[str], Written]
) -> None:
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    for name, page in dictionary(audience).pages.items():
        assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
        assert not re.search(r"<script|\bsrc=|@import|url\(|href=\"[^\"]*:|\son\w+=", page), name
        assert len(page.encode()) < LARGEST


@pytest.mark.parametrize("audience", [PUBLIC, CENTRE])
def test_answers_are_those_of_the_release(audience: str, dictionary: Callable[[str], Written]) -> None:
    written = dictionary(audience)
    answered = 0
    for mart in written.source.marts:
        assert ask(written.source, written.source.marts[mart], "ru").is_own == bool(entries()[mart].query), mart
        page = written.pages[pages.page_name(mart, "en")]
        query, rest = re.search(r"<pre><code>(.*?)</code></pre>(.*?)<h2>", page + "<h2>", re.DOTALL).groups()  # type: ignore[union-attr]
        found = written.source.execute(html.unescape(query))
        names = [name for name, *_ in found.description]
        expected = [
            [cell(value, name, "en") or "–" for name, value in zip(names, row, strict=True)] for row in found.fetchall()
        ]
        shown = re.findall(r"<tr>(<td.*?)</tr>", rest, re.DOTALL)
        cells = [[plain(one) for one in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in shown]
        for page_row, row in zip_longest(cells, expected):
            assert page_row == [" ".join(one.split()) if one.strip() != one else one for one in row], mart
        answered += bool(expected)
    assert answered > len(written.source.marts) * 2 / 3


def test_what_may_be_empty_is_counted_in_the_release(dictionary: Callable[[str], Written]) -> None:
    written = dictionary(PUBLIC)
    row = rows_of(written.pages["rpt_seizures_by_month_en.html"])
    missing, rows = written.source.execute(
        "select count(*) filter (where quantity_litres_without_duplicates is null), count(*) from rpt_seizures_by_month"
    ).fetchone() or (0, 0)
    assert f"in {cell(missing, '', 'en')} of {cell(rows, '', 'en')} rows" in row["quantity_litres_without_duplicates"]
    assert "never" in row["country_code"]


def test_the_same_edition_gives_the_same_bytes(dictionary: Callable[[str], Written], tmp_path: Path) -> None:
    written = dictionary(PUBLIC)
    assert pages_of(written.source, tmp_path) == written.pages


def test_every_text_of_the_public_dictionary_is_there_in_russian(dictionary: Callable[[str], Written]) -> None:
    written = dictionary(PUBLIC).pages
    assert [name for name, page in written.items() if 'class="tag" title=' in page] == []
    assert "Масса в килограммах" in rows_of(written["rpt_seizures_by_month_ru.html"])["quantity_kg_without_duplicates"]


def test_a_text_that_is_there_in_english_alone_is_marked(dictionary: Callable[[str], Written]) -> None:
    written = dictionary(CENTRE)
    column = replace(written.source.marts["dim_codes"].columns[0], comment="A text that nobody has translated")
    mart = replace(written.source.marts["dim_codes"], columns=(column,))
    (entry,) = column_entries(mart, [], [], {column.name: 0}, "ru")
    assert (entry.meaning.words, entry.meaning.is_foreign) == ("A text that nobody has translated", True)
    assert not column_entries(mart, [], [], {column.name: 0}, "en")[0].meaning.is_foreign


def test_codes_are_of_their_list_and_relations_lead_somewhere(dictionary: Callable[[str], Written]) -> None:
    source = dictionary(CENTRE).source
    lists = {name for (name,) in source.execute("select distinct codelist_name from dim_codes").fetchall()}
    found = 0
    for mart in source.marts.values():
        for column in mart.columns:
            if mart.name != "dim_codes" and (name := codelist_of(column, lists)):
                foreign = source.execute(
                    f"select distinct {column.name} from {mart.name} where {column.name} is not null and {column.name} "
                    f"not in (select code from dim_codes where codelist_name = '{name}')"
                ).fetchall()
                assert foreign == [], (mart.name, column.name, name)
                found += 1
    assert found > len(source.marts)
    for one in relations(source.marts):
        lost = source.execute(
            f"select count(*) from {one.mart} where {one.column}::varchar not in ('NOT_ANSWERED', 'UNKNOWN') "
            f"and {one.column} not in (select {one.key} from {one.target})"
        ).fetchone()
        assert lost == (0,), one


def test_every_mart_has_a_title_and_a_question(dictionary: Callable[[str], Written]) -> None:
    seen = {*dictionary(CENTRE).source.marts, *dictionary(PUBLIC).source.marts}
    assert {*entries()} == seen


def test_of_other_models_there_is_no_lineage_and_the_page_says_so(
    dictionary: Callable[[str], Written], golden_release: Release, tmp_path: Path
) -> None:
    written = dictionary(PUBLIC)
    assert "<svg" in written.pages["rpt_seizures_by_month_en.html"]
    assert "A worked example" in written.pages["rpt_seizures_by_month_en.html"]
    older = Release(golden_release.number, golden_release.path)
    vars(older)["package"] = {**golden_release.package, "models_sha256": "0" * 64}
    page = pages_of(replace(written.source, release=older), tmp_path)["rpt_seizures_by_month_en.html"]
    assert "lineage and worked examples are left out" in page
    assert "<svg" not in page
    assert "A worked example" not in page
