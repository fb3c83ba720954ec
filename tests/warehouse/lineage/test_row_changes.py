"""Rows of facts that two releases do not have alike, and the cause of each."""

from datetime import date

from warehouse.lineage.causes import Causes, ReleasedSubmissions, Scope
from warehouse.lineage.release_pair import MartTable
from warehouse.lineage.row_changes import fact_changes

KAZ: Scope = ("KAZ", date(2024, 1, 1), "seizures")
UZB: Scope = ("UZB", date(2024, 1, 1), "seizures")
COLUMNS = ("seizure_id", "submission_id", "quantity_kg", "is_presumed_duplicate", "counted_seizure_id")


def released(**scopes: Scope) -> ReleasedSubmissions:
    known = {name: f"{name}.csv" for name in scopes}
    return ReleasedSubmissions(
        known, set(), {(name, scope[2]): scope for name, scope in scopes.items()}, {v: k for k, v in scopes.items()}
    )


def row(name: str, kg: float = 1.0, counted: str | None = None) -> dict[str, object]:
    return dict(zip(COLUMNS, (name, name.partition(":")[0], kg, counted is not None, counted), strict=True))


def test_a_row_that_another_report_makes_double_has_that_report_as_its_cause() -> None:
    """And is no more double because of what replaces it; a row that has changed itself has its own cause."""
    causes = Causes(released(old=KAZ), released(old=KAZ, new=UZB))
    table = MartTable("fct_seizures", ("seizure_id",), COLUMNS)
    pairs = [
        (row("old:1"), row("old:1", counted="new:1")),
        (row("old:2", 1000.0), row("old:2", 1.0, counted="new:1")),
        (row("old:3"), row("old:3", counted="old:9")),
        (None, row("new:1")),
    ]
    found = [change.cause.kind for change in fact_changes(table, pairs, causes)]
    assert found == ["new_submission", "changed_rule", "changed_rule", "new_submission"]
    back = [(after, before) for before, after in pairs]
    causes = Causes(released(old=KAZ, new=UZB), released(old=KAZ))
    assert fact_changes(table, back, causes)[0].cause.kind == "withdrawn"
