"""The words of the sheet of findings agree with their numbers."""

import pytest

from warehouse.findings.return_sheet_words import more_findings, summary


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (1, "1 more finding is not listed here", "Ещё 1 замечание здесь не показано"),
        (2, "2 more findings are not listed here", "Ещё 2 замечания здесь не показаны"),
        (5, "5 more findings are not listed here", "Ещё 5 замечаний здесь не показаны"),
        (21, "21 more findings are not listed here", "Ещё 21 замечание здесь не показано"),
    ],
)
def test_findings_that_are_not_listed_are_counted(count: int, english: str, russian: str) -> None:
    notice = more_findings(count)
    assert notice.en == f"{english}; answer.json has all of them."
    assert notice.ru == f"{russian}; все они есть в answer.json."


def test_the_summary_counts_what_is_to_be_corrected_and_confirmed() -> None:
    assert summary(0, 0).ru == "Исправлять нечего"
    assert summary(1, 5).en == "1 to correct, 5 to confirm"
