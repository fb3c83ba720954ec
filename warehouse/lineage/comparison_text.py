"""The difference of two releases in words, for a terminal, and as values, for programs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from warehouse.lineage.causes import Cause
from warehouse.lineage.comparison import Difference, MartDifference, RowDifference
from warehouse.lineage.differing_figures import Figure

MAIN_MART = "rpt_seizures_by_month"
_MONTHS = {"month_date", "reporting_month"}
_MADE_BY = {"rules": "rules_versions", "code": "code_commit", "questionnaire": "questionnaire_version"}


def describe_difference(difference: Difference, mart: str = MAIN_MART) -> str:
    """Return which submissions differ, every figure of one mart with its causes, and a line for each other mart."""
    shown = next((part for part in difference.marts if part.name == mart), None)
    parts = [
        [f"Release {difference.before.number} → release {difference.after.number}", *_made_otherwise(difference)],
        [*_submissions(difference.submissions)],
        [mart, *_rows(shown)] if shown else [f"{mart}: no difference."],
        [*_others(difference, mart)],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _made_otherwise(difference: Difference) -> Iterator[str]:
    for words, name in _MADE_BY.items():
        old, new = (_joined(release.package.get(name)) for release in (difference.before, difference.after))
        if old != new:
            yield f"  made with other {words}: {old} → {new}"


def _joined(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _submissions(causes: Sequence[Cause]) -> Iterator[str]:
    tables = defaultdict[tuple[str, str, str], list[str]](list)
    for cause in causes:
        tables[cause.country_code, cause.month, str(cause)].append(cause.table_name)
    for (country, month, words), names in tables.items():
        yield f"{country} {month} {', '.join(names)}: {words}"
    if not causes:
        yield "The same submissions are in force."


def _rows(mart: MartDifference) -> Iterator[str]:
    passed = Counter[str]()
    # Where some figures lead to rows, the others compare with other countries; where none does, all are shown.
    leads = any(figure.is_direct for row in mart.rows for figure in row.figures)
    for row in mart.rows:
        figures = [figure for figure in row.figures if figure.is_direct >= leads and not is_rounding(figure)]
        if figures:
            yield f"{_key(row.key)}{_outcome(row.kind, figures)}"
            yield from (f"    {line}" for line in _causes(figures))
        else:
            passed[", ".join(figure.name for figure in row.figures)] += 1
    for names, count in sorted(passed.items()):
        yield f"{_counted(count)} otherwise only by rounding or by what others have reported: {names}"
    if mart.carried_count:
        yield f"{_counted(mart.carried_count)} with the same content in another file"
    yield from _columns(mart)


def _columns(mart: MartDifference) -> Iterator[str]:
    if mart.added_columns:
        yield f"new columns {', '.join(mart.added_columns)}"
    if mart.removed_columns:
        yield f"without columns {', '.join(mart.removed_columns)}"


def _outcome(kind: str, figures: Sequence[Figure]) -> str:
    """Return how the figures of a row grew; of one that is new or gone those that are sums, if it has any."""
    if kind == "changed":
        return f": {', '.join(map(_grown, figures))}"
    sums = [figure for figure in figures if figure.parts] or figures
    values = (f"{figure.name} {_shown(figure.after if kind == 'added' else figure.before)}" for figure in sums)
    return f" ({kind}): {', '.join(values)}"


def _counted(count: int, what: str = "") -> str:
    return f"{count} row{'s' * (count != 1)}{what and ' '}{what}"


def is_rounding(figure: Figure) -> bool:
    """Return whether a figure differs in its last digits only, because a sum was taken in another order."""
    return bool(figure.parts) and all(cause.kind == "rounding" for cause in figure.parts)


def _grown(figure: Figure) -> str:
    words = f"{figure.name} {_shown(figure.before)} → {_shown(figure.after)}"
    return f"{words} ({_signed(figure.change)})" if figure.change is not None else words


def _causes(figures: Iterable[Figure]) -> list[str]:
    """Return a line for each cause: what it adds to which figure."""
    amounts: dict[Cause, list[str]] = {}
    for figure in figures:
        for cause, amount in figure.parts.items():
            if cause.kind != "rounding":
                amounts.setdefault(cause, []).append(f"{_signed(amount)} {figure.name}")
        for cause in figure.causes if figure.is_direct else ():
            amounts.setdefault(cause, [])
    lines = [
        f"{cause}: {', '.join(added)}" if added else str(cause)
        for cause, added in amounts.items()
        if cause.kind != "rounding"
    ]
    possible = sorted({str(cause) for figure in figures if not figure.is_direct for cause in figure.causes})
    return [*lines, f"may follow from: {'; '.join(possible)}"] if possible else lines


def _key(key: Mapping[str, Any]) -> str:
    return " ".join(f"{value:%Y-%m}" if name in _MONTHS else str(value) for name, value in key.items())


def _shown(value: object) -> str:
    return "nothing" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)


def _signed(amount: Decimal) -> str:
    return f"{float(amount):+.12g}"


def _others(difference: Difference, shown: str) -> Iterator[str]:
    for mart in difference.marts:
        if mart.name != shown:
            kinds = Counter(row.kind for row in mart.rows)
            counts = [_counted(count, kind) for kind, count in sorted(kinds.items())]
            counts += [_counted(mart.carried_count, "the same in another file")] if mart.carried_count else []
            yield f"{mart.name}: {', '.join([*counts, *_columns(mart)])}"
    for name in difference.incomparable:
        yield f"{name}: one release has no such table, or another key"


def difference_values(difference: Difference) -> dict[str, Any]:
    """Return the difference for programs. Changes and parts are decimals as text, so that their sums stay exact."""
    return {
        "before": _release(difference.before.number, difference.before.package),
        "after": _release(difference.after.number, difference.after.package),
        "submissions": [_cause(cause) for cause in difference.submissions],
        "marts": [
            {
                "name": mart.name,
                "carried_count": mart.carried_count,
                "added_columns": mart.added_columns,
                "removed_columns": mart.removed_columns,
                "rows": [_row(row) for row in mart.rows],
            }
            for mart in difference.marts
        ],
        "incomparable": difference.incomparable,
    }


def changed_figures(difference: Difference, mart: str) -> tuple[list[str], list[list[object]]]:
    """Return the headings and rows of what differs in a mart: the key, the figure, before, after, change, causes."""
    found = [
        (row, figure) for one in difference.marts if one.name == mart for row in one.rows for figure in row.figures
    ]
    keys = list(dict.fromkeys(name for row, _ in found for name in row.key))
    rows: list[list[object]] = [
        [*(row.key.get(name) for name in keys), row.kind, figure.name, figure.before, figure.after, figure.change,
         [str(cause) for cause in figure.causes]]
        for row, figure in found
    ]  # fmt: skip
    return [*keys, "kind", "figure", "before", "after", "change", "causes"], rows


def _release(number: int, package: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": number, **{name: package.get(name) for name in ("created", "as_of", *_MADE_BY.values())}}


def _row(row: RowDifference) -> dict[str, Any]:
    figures = [
        {
            "name": figure.name,
            "before": _plain(figure.before),
            "after": _plain(figure.after),
            "change": None if figure.change is None else f"{figure.change:f}",
            "parts": [{"cause": _cause(cause), "amount": f"{amount:f}"} for cause, amount in figure.parts.items()],
            "causes": [_cause(cause) for cause in figure.causes],
            "is_direct": figure.is_direct,
        }
        for figure in row.figures
    ]
    return {"kind": row.kind, "key": {name: _plain(value) for name, value in row.key.items()}, "figures": figures}


def _cause(cause: Cause) -> dict[str, Any]:
    values = {name: value for name, value in asdict(cause).items() if value}
    return {**values, "words": str(cause)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
