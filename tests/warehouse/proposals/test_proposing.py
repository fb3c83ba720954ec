"""What is proposed for a doubted answer, and where nothing is because several values are as likely."""

from datetime import date
from typing import Any

import pytest
from written_forms import CODELISTS, QUESTIONNAIRE

from warehouse.findings.finding import Finding
from warehouse.findings.proposal import LEAVE_OUT, Proposal
from warehouse.proposals.doubt import Doubt, Sender
from warehouse.proposals.proposing import proposer_of

SENDER = Sender("KAZ", date(2024, 5, 1), CODELISTS)
TABLES = {
    "sex": "persons", "persons_count": "persons", "price_typical": "prices", "price_minimum": "prices",
    "travellers_count": "throughput",
}  # fmt: skip


def doubt_of(rule: str, field: str, answers: dict[str, str], **more: Any) -> Doubt:
    table = QUESTIONNAIRE.table(TABLES.get(field, "seizures"))
    finding = Finding("S", "error", rule, "", table.name, "", 2, field, answers.get(field), more.pop("arguments", {}))
    return Doubt(finding, table, answers, SENDER, more.pop("other", {}), more.pop("share", 0.2), more.pop("peers", ()),
                 more.pop("usual", {}))  # fmt: skip


def proposed(rule: str, field: str, answers: dict[str, str], **more: Any) -> Proposal | None:
    doubt = doubt_of(rule, field, answers, **more)
    proposer = proposer_of(doubt.finding, doubt.table)
    return proposer(doubt) if proposer else None


@pytest.mark.parametrize(
    ("rule", "field", "sent", "meant"),
    [
        # spellings: two letters exchanged, Latin letters, another keyboard, a part of a longer word, two words for one
        ("code_unknown", "drug", "апий", "опий"), ("code_unknown", "drug", "гироин", "героин"),
        ("code_unknown", "drug", "герион", "героин"), ("code_unknown", "drug", "гepoин", "героин"),
        ("code_unknown", "drug", "марихуанна", "марихуана"), ("code_unknown", "drug", "utjhjby", None),
        ("code_unknown", "drug", "Героин (heroin)", "Героин"), ("code_unknown", "drug", "HEROIN - Героин", "HEROIN"),
        ("code_unknown", "drug", "кокаик", None), ("code_unknown", "drug", "белый порошок", None),
        ("code_unknown", "drug", "Каннабис (смола)", None), ("code_unknown", "admin_division", "Казахстан", "--"),
        ("code_unknown", "admin_division", "Кыргызстан", None),
        ("text_damaged", "place", "Южно-398ская область", "Южно-Казахстанская область"),
        ("text_damaged", "place", "с. Ново-398ское", None),
        # numbers
        ("value_unreadable", "quantity", "1О,5", "10,5"), ("value_unreadable", "quantity", "много", None),
        ("value_unreadable", "quantity", "12,5,3", None), ("value_unreadable", "quantity", "ОО", None),
        ("value_unreadable", "persons_count", "3 чел.", "3"), ("value_unreadable", "persons_count", "3 группы", None),
        ("value_ambiguous", "persons_count", "1,234", "1234"), ("value_ambiguous", "quantity", "1,234", None),
        ("number_not_whole", "persons_count", "1.234", "1234"), ("number_not_whole", "persons_count", "2.5", None),
        ("number_marked", "travellers_count", "1 240 p", "1 240"),
        ("number_marked", "travellers_count", "1,240*", "1240"),
        ("number_is_date", "quantity", "2024-10-12", "12.10"), ("number_is_date", "quantity", "2024-05-01", None),
        # days
        ("date_outside_period", "seizure_date", "05.07.2024", "2024-05-07"),
        ("date_outside_period", "seizure_date", "2024-11-05", "2024-05-11"),
        ("date_outside_period", "seizure_date", "05.03.2024", None),
        ("date_outside_period", "seizure_date", "14.05.2023", "2024-05-14"),
        ("date_outside_period", "seizure_date", "14.04.2024", None),
        ("date_outside_period", "seizure_date", "2024-04-30T19:00:00.000Z", None),
        ("value_ambiguous", "seizure_date", "05/03/2024", "2024-05-03"),
        ("value_ambiguous", "seizure_date", "05/05/2024", "2024-05-05"),
        ("value_unreadable", "seizure_date", "14,О5,2024", "2024-05-14"),
        ("value_unreadable", "seizure_date", "05.14.2024", "2024-05-14"),
        ("value_unreadable", "seizure_date", "31.06.2024", None),
        ("value_unreadable", "seizure_date", "в начале мая", None),
    ],
)  # fmt: skip
def test_one_likely_text_is_proposed_for_a_cell(rule: str, field: str, sent: str, meant: str | None) -> None:
    proposal = proposed(rule, field, {field: sent}, arguments={"number_shown": 1240.0})
    cells = proposal and {name: text.casefold() for name, text in proposal.cells.items()}
    assert cells == (meant and {field: meant.casefold()})


@pytest.mark.parametrize(
    ("rule", "field", "answers", "cells"),
    [
        ("unit_in_quantity", "quantity", {"quantity": "500 г"}, {"quantity": "500", "unit": "г"}),
        ("unit_in_quantity", "quantity", {"quantity": "500г", "unit": "Грамм"}, {"quantity": "500", "unit": "Грамм"}),
        ("unit_contradicted", "quantity", {"quantity": "500 г", "unit": "кг"}, {"quantity": "0.5"}),
        ("unit_contradicted", "quantity", {"quantity": "1,5 т", "unit": "кг"}, {"quantity": "1500"}),
        ("unit_contradicted", "quantity", {"quantity": "1,500 г", "unit": "кг"}, None),
        ("unit_contradicted", "quantity", {"quantity": "5 таблеток", "unit": "кг"}, None),
        ("quantity_has_words", "quantity", {"quantity": "12,5 килограм"},
         {"quantity": "12,5", "unit": "килограмм"}),
        ("quantity_has_words", "quantity", {"quantity": "12 свертков с чем-то"}, None),
        ("value_unreadable", "quantity", {"quantity": "кг", "unit": "12,5"}, {"quantity": "12,5", "unit": "кг"}),
        ("code_unknown", "unit", {"quantity": "кг", "unit": "12,5"}, {"quantity": "12,5", "unit": "кг"}),
        ("code_unknown", "drug", {"drug": "Автомобиль", "transport_mode": "Героин"},
         {"drug": "Героин", "transport_mode": "Автомобиль"}),
        ("value_unreadable", "price_typical", {"price_typical": "60 USD"}, {"price_typical": "60", "currency": "USD"}),
        ("value_unreadable", "price_typical", {"price_typical": "60 USD", "currency": "KZT", "price_unit": "г"}, None),
        ("value_unreadable", "quantity", {"quantity": "15l"}, {"quantity": "15", "unit": "l"}),
        ("value_unreadable", "quantity", {"quantity": "15l", "unit": "кг"}, None),
        ("prices_disordered", "price_typical",
         {"price_minimum": "90", "price_typical": "60", "price_maximum": "50,5"},
         {"price_minimum": "50,5", "price_maximum": "90"}),
        ("prices_disordered", "price_typical", {"price_minimum": "90", "price_typical": "60"}, None),
    ],
)  # fmt: skip
def test_cells_that_belong_together_are_proposed_together(
    rule: str, field: str, answers: dict[str, str], cells: dict[str, str] | None
) -> None:
    proposal = proposed(rule, field, answers)
    assert (dict(proposal.cells) if proposal else None) == cells


ROW = {"seizure_date": "2024-05-03", "drug": "опий", "unit": "г"}


@pytest.mark.parametrize(
    ("usual", "unit"),
    [
        ({"кг": 2, "KG": 1}, "кг"),
        ({"кг": 2}, None),
        ({"кг": 5, "г": 1}, None),
        ({"кг": 5, "мешок риса": 1}, "кг"),
        ({"кг": 5, "мешок риса": 2}, None),
    ],
)
def test_a_missing_unit_is_that_of_all_other_rows(usual: dict[str, int], unit: str | None) -> None:
    for rule, name in (("value_missing", "unit"), ("measure_missing", "unit")):
        proposal = proposed(rule, name, {"quantity": "2"}, usual=usual)
        assert proposal == (Proposal("usual_unit", {"unit": unit}) if unit else None)
    assert proposed("value_missing", "drug", {"quantity": "2"}, usual={"героин": 9}) is None


@pytest.mark.parametrize(
    ("unit", "weight", "smaller"),
    [("кг", 1500.0, "г"), ("kg", 1500.0, "g"), ("т", 1500.0, "кг"), ("кг", 200.0, None), ("кг", 900_000.0, None),
     ("г", 1500.0, None), ("", 1500.0, None)],
)  # fmt: skip
def test_a_weight_far_above_what_is_plausible_is_in_a_smaller_unit(
    unit: str, weight: float, smaller: str | None
) -> None:
    arguments = {"weight_kg": weight, "plausible_maximum_kg": 150.0}
    proposal = proposed("quantity_implausible", "quantity", {"quantity": "1", "unit": unit}, arguments=arguments)
    assert proposal == (Proposal("smaller_unit", {"unit": smaller}) if smaller else None)


def test_shares_and_units_are_proposed_by_what_the_whole_column_shows() -> None:
    purity = {"purity_pct": "0,62"}
    assert proposed("share_below_one", "purity_pct", purity, share=1.0) == Proposal("scale", {"purity_pct": "62"})
    assert proposed("share_below_one", "purity_pct", purity, share=0.9) is None
    assert proposed("unit_contradicted", "quantity", {"quantity": "5 г", "unit": "кг"}, share=0.9) is None


@pytest.mark.parametrize(
    ("peers", "day"),
    [(("05.03.2024", "05.04.2024"), "2024-05-03"), (("05.03.2024",), None), (("05.03.2024", "06.04.2024"), None)],
)
def test_days_before_the_month_are_exchanged_together_or_late(peers: tuple[str, ...], day: str | None) -> None:
    proposal = proposed("date_outside_period", "seizure_date", {"seizure_date": "05.03.2024"}, peers=peers)
    assert proposal == (Proposal("date_order", {"seizure_date": day}) if day else None)


@pytest.mark.parametrize(
    ("rule", "answers", "other", "arguments", "proposal"),
    [
        ("row_repeated", {**ROW, "quantity": "4839.21"}, {**ROW, "quantity": "4839.21"}, {}, LEAVE_OUT),
        ("row_repeated", {**ROW, "quantity": "2000"}, {**ROW, "quantity": "2000"}, {}, None),
        ("record_repeated", {**ROW, "record_id": "7"}, {**ROW, "record_id": "7"}, {}, LEAVE_OUT),
        ("record_repeated", {**ROW, "record_id": "7"}, {**ROW, "record_id": "7", "place": "Ош"}, {}, None),
        ("row_is_total", {}, {}, {"own_figures": "12", "part_figures": "12"}, LEAVE_OUT),
        ("row_is_wider", {}, {}, {"own_figures": "14", "part_figures": "12"}, None),
        ("row_is_sum", {}, {}, {"own_figures": "12"}, LEAVE_OUT), ("row_is_part", {}, {}, {}, LEAVE_OUT),
    ],
)  # fmt: skip
def test_a_row_is_left_out_where_it_says_nothing_of_its_own(
    rule: str, answers: dict[str, str], other: dict[str, str], arguments: dict[str, Any], proposal: Proposal | None
) -> None:
    assert proposed(rule, "quantity", answers, other=other, arguments=arguments) == proposal
