"""Filled proposals: a cell of the return workbook holds what is proposed where all findings about it agree."""

from pathlib import Path

import pytest
from written_forms import edition_of, read, rows_of, texts_of

from warehouse.answers.answer import AnswerFinding, ProposedFix
from warehouse.answers.filled_proposals import Index, fill_proposals
from warehouse.answers.return_workbook import Answers, Mark, write_return_workbook
from warehouse.questionnaire.definition import Words

ROWS = [
    {"record_id": "N-1", "seizure_date": "2024-05-03", "drug": "герион", "quantity": "500 г"},
    {"record_id": "N-2", "seizure_date": "2024-05-04", "drug": "опий", "quantity": "5000 кг", "unit": "кг"},
]
PLACES: dict[str, Index] = {"seizures": {("", 2): 0, ("", 3): 1}}


def finding(
    row: int, field: str, reference: str, cells: dict[str, str] | None = None, rule: str = "unit_apart"
) -> AnswerFinding:
    words = Words(en="as", ru="так")
    proposal = None if cells is None else ProposedFix(rule=rule, cells=cells, leaves_row_out=False, words=words)
    return AnswerFinding(
        number="E01", reference=reference, severity="error", state="open", rule="x", message=words, advice=words,
        template="", arguments={}, table="seizures", sheet="", source_row=row, field=field, proposal=proposal,
    )  # fmt: skip


UNIT = finding(2, "quantity", "unit", {"quantity": "500", "unit": "г"})


def test_proposed_texts_stand_in_the_workbook_and_are_what_it_sends(tmp_path: Path) -> None:
    texts = {"seizures": texts_of(ROWS)}
    drug = finding(2, "drug", "drug", {"drug": "героин"})
    held = fill_proposals([UNIT, drug, finding(3, "quantity", "much")], PLACES, texts)
    assert held == {"unit": {"quantity": "500 г", "unit": ""}, "drug": {"drug": "герион"}}
    message = Words(en="It holds its unit.", ru="В ячейке и единица.")
    mark = Mark("warning", "unit_in_quantity", message, "seizures", 0, "quantity", "500 г", filled=held["unit"])
    write_return_workbook(tmp_path / "return.xlsx", edition_of(), Answers(texts, [mark]))
    meant = {"record_id": "N-1", "seizure_date": "2024-05-03", "drug": "героин", "quantity": "500", "unit": "г"}
    assert rows_of(read(tmp_path / "return.xlsx", tmp_path))["seizures"] == [meant, ROWS[1]]


@pytest.mark.parametrize(
    "other",
    [
        finding(2, "quantity", "other"), finding(2, "unit", "other"),
        finding(2, "quantity", "other", {"quantity": "0.5"}),
    ],
)  # fmt: skip
def test_nothing_is_filled_where_another_finding_asks_something_else(other: AnswerFinding) -> None:
    texts = {"seizures": texts_of(ROWS)}
    assert fill_proposals([UNIT, other], PLACES, texts) == {}
    assert texts == {"seizures": texts_of(ROWS)}


def test_a_large_seizure_stays_as_it_was_sent_where_another_unit_is_proposed() -> None:
    texts = {"seizures": texts_of(ROWS)}
    assert fill_proposals([finding(3, "unit", "large", {"unit": "г"}, "smaller_unit")], PLACES, texts) == {}
    assert texts == {"seizures": texts_of(ROWS)}
