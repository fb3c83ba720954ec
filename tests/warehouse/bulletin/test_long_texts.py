"""What offices write is theirs: texts of any length and with any letter leave a page small and readable."""

from datetime import date

import pytest
from asked_editions import edition_of

from warehouse.bulletin.figures import LONGEST_TEXT, MOST_LETTERS
from warehouse.bulletin.month.cases import stories_section
from warehouse.bulletin.pages import Section

MONTH = date(2024, 1, 1)


def stories(*texts: str) -> Section:
    story = {"country_code": "KAZ", "border_point_code": "A/B", "month_date": MONTH, "story_title": "Title"}
    rows = [
        {**story, "row_id": number, "story_text": text, "cleared_for_publication_code": "YES"}
        for number, text in enumerate(texts)
    ]
    report = {"country_code": "KAZ", "table_name": "stories", "month_date": MONTH, "coverage": "data"}
    return stories_section(edition_of(MONTH, fct_stories=rows, rpt_coverage_by_month=[report]), MONTH)


@pytest.mark.parametrize(("length", "shown"), [(300, 60), (LONGEST_TEXT, 9), (100_000, 9)])
def test_a_table_ends_where_a_page_has_no_room_for_its_texts(length: int, shown: int) -> None:
    (figure,) = stories(*["ж" * length] * 70).figures
    assert figure
    assert (len(figure.table.rows), len(figure.frame)) == (shown, 70)
    assert sum(len(text) for row in figure.table.rows for text in row) <= MOST_LETTERS
    assert figure.table.is_cut == (length > LONGEST_TEXT)
    assert figure.table.rows[0][-1].endswith("…") == figure.table.is_cut


def test_letters_that_command_a_reader_or_turn_the_text_are_written_out() -> None:
    (figure,) = stories("a\x1b[31m \u202eb\nc {x} %s").figures
    assert figure
    assert figure.table.rows[0][-1] == "a\\x1b[31m \\u202eb\nc {x} %s"
