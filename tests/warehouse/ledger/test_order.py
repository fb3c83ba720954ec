"""The order of files of one run: revision number, modification time, natural order of names."""

from datetime import datetime, timedelta

import pytest

from warehouse.ledger.order import named_revision, order_key

AT = datetime(2024, 6, 1)


@pytest.mark.parametrize(("earlier", "later"), [
    ("KAZ_2024-05_v9.csv", "KAZ_2024-05_v10.csv"), ("KAZ_2024-05_draft.csv", "KAZ_2024-05_Final.csv"),
    ("KAZ_2024-05 (9).xlsx", "KAZ_2024-05 (10).xlsx"), ("KAZ_2024-05.csv", "KAZ_2024-05 (2).csv"),
    ("KAZ_2024-05.csv", "KAZ_2024-05_исправлено.csv"), ("KAZ_2024-05_ред2.csv", "KAZ_2024-05_Ред.10.csv"),
    ("KAZ_2024-05_rev2.csv", "KAZ_2024-05_REV 11.csv"), ("KAZ_2024-05_v.2.csv", "KAZ_2024-05_в.3.csv"),
    ("KAZ_2024-05 - копия.csv", "KAZ_2024-05 - копия (2).csv"),
])  # fmt: skip
def test_names_are_ordered_as_people_do(earlier: str, later: str) -> None:
    assert order_key(earlier, None, AT) < order_key(later, None, AT)


def test_a_revision_number_comes_before_the_time_and_the_time_before_the_name() -> None:
    hour = timedelta(hours=1)
    keys = [
        order_key("b.csv", None, None), order_key("b.csv", None, AT), order_key("a.csv", None, AT + hour),
        order_key("a_v2.csv", None, AT - hour), order_key("a.csv", 3, AT - hour), order_key("a_v2.csv", 4, AT - hour),
    ]  # fmt: skip
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", ["KAZ_2024-05.csv", "rev_2024-05.csv", "KAZ_2024-05_cover3.csv", "v1/KAZ.csv"])
def test_what_is_no_revision_number(name: str) -> None:
    assert named_revision(name) == 0
