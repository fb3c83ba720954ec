"""Recurrence: a finding is known again by the answers of its row, not by the number of the row."""

from dataclasses import replace

from warehouse.replies.repeated_findings import Recorded, find_again

FINDING = Recorded(
    "3f9a1c2b4d", "A", "warning", "quantity_implausible", "…", "seizures", "", 5, "quantity", "4100", {},
    {"record_id": "N-1", "drug": "опий", "quantity": "4100", "unit": "кг", "seizure_date": "в мае"},
    frozenset({"seizure_date"}), frozenset({"seizure_date", "quantity"}),
)  # fmt: skip


def changed(**answers: str) -> Recorded:
    return replace(FINDING, value=answers.get("quantity", "4100"), answers={**FINDING.answers, **answers})


def test_a_row_may_move() -> None:
    assert find_again([FINDING], [replace(FINDING, source_row=9, sheet="Изъятия")], alike=True) == {0: 0}


def test_an_answer_that_was_to_be_corrected_may_change() -> None:
    assert find_again([FINDING], [changed(seizure_date="2024-05-03")], alike=True) == {0: 0}


def test_a_row_that_changed_otherwise_is_another() -> None:
    for other in (changed(unit="г"), changed(quantity="4200"), changed(notes="x")):
        assert find_again([FINDING], [other], alike=True) == {}


def test_a_number_in_another_unit_is_another_also_where_the_unit_was_to_be_corrected() -> None:
    asked = replace(FINDING, asked=frozenset({"unit"}))
    other = replace(changed(unit="т"), asked=frozenset({"unit"}))
    assert (find_again([asked], [other], alike=True), find_again([asked], [asked], alike=True)) == ({}, {0: 0})


def test_who_confirmed_a_scale_has_not_confirmed_it_of_other_numbers() -> None:
    whole = Recorded("1", "A", "warning", "column_scaled", "…", "seizures", "", None, "quantity", "Количество (тыс.)",
                     {"sent": "2", "read": "2000", "row": 2})  # fmt: skip
    moved, other = (replace(whole, arguments={"sent": sent, "read": f"{sent}000", "row": 9}) for sent in ("2", "2000"))
    assert (find_again([whole], [moved], alike=True), find_again([whole], [other], alike=True)) == ({0: 0}, {})


def test_what_is_still_wrong_may_be_wrong_in_another_way() -> None:
    assert find_again([FINDING], [changed(quantity="4200")], alike=False) == {0: 0}
    assert find_again([FINDING], [changed(unit="г")], alike=False) == {}


def test_another_rule_table_or_field_is_another_finding() -> None:
    others = [replace(FINDING, rule="x"), replace(FINDING, table_name="prices"), replace(FINDING, field="unit")]
    assert find_again([FINDING], others, alike=False) == {}


def test_each_finding_stands_again_once() -> None:
    """Who confirms that two equal rows are two events has not confirmed a third."""
    assert find_again([FINDING], [FINDING, FINDING], alike=True) == {0: 0}
    assert find_again([FINDING, FINDING], [FINDING, FINDING, FINDING], alike=True) == {0: 0, 1: 1}


def test_a_finding_about_a_table_is_known_by_its_value() -> None:
    whole = Recorded("1", "A", "warning", "column_unknown", "…", "seizures", "", None, None, "Цвет", {})
    assert find_again([whole], [whole], alike=True) == {0: 0}
    assert find_again([whole], [replace(whole, value="Вкус")], alike=False) == {}
