"""The certificate of a public edition: the interval that all editions leave to each suppressed count.

``sarai verify --certificate`` computes it anew from the published files alone. An intruder is assumed to take a count
that several editions suppress for the same number, which is the strongest assumption, and true or harmless in most
cases. Where it contradicts what is shown, or would leave too little, the certificate tells which counts are apart.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from warehouse.disclosure.intervals import Interval, Table, Unknown, find_intervals, split_blocks
from warehouse.disclosure.joint_editions import PublicEdition
from warehouse.disclosure.person_counts import PERSONS_TABLE, CountKey, PersonCounts, block_of
from warehouse.disclosure.shown_edition import CERTIFICATE, Certificate
from warehouse.disclosure.suppression import THRESHOLD
from warehouse.releases.errors import ReleaseError


def write_certificate(folder: Path, edition: PublicEdition, earlier: Sequence[PublicEdition]) -> Path:
    """Write the certificate of an edition into its folder and return its path inside; the same bytes on each run.

    Raises ReleaseError when a suppressed count of any edition is left less than was promised: such an edition must not
    be published.
    """
    editions = [*earlier, edition]
    intervals: dict[Unknown, Interval] = {}
    tables: list[dict[CountKey, Unknown]] = [{} for _ in editions]
    for block in split_blocks([_table(edition, {}) for edition in editions]):
        parts, found = _certify_block(editions, block)
        intervals |= found
        for table, part in zip(tables, parts, strict=True):
            table.update(part)
    _require_enough(editions, tables, intervals)
    known = _shown_elsewhere(editions)
    if known:
        told = [{u.key: known.get((n, u.key), u) for u in table.values()} for n, table in enumerate(tables)]
        _require_enough(editions, told, _find(told))
    (folder / CERTIFICATE).write_bytes(_describe(editions, tables, intervals))
    return Path(CERTIFICATE)


def promised_widths(editions: Sequence[tuple[int, Table]]) -> dict[Unknown, int]:
    """Return the width that each suppressed count was promised, by the least promise of the editions that hide it."""
    widths: dict[Unknown, int] = {}
    for width, table in editions:
        for unknown in table.values():
            if unknown.value is None:
                widths[unknown] = min(width, widths.get(unknown, width))
    return widths


def _table(edition: PublicEdition, numbers: dict[tuple[CountKey, int], int]) -> dict[CountKey, Unknown]:
    return {
        key: Unknown(key, None, numbers.get((key, value), 0)) if key in edition.hidden else Unknown(key, value)
        for key, value in edition.values.items()
    }


def _certify_block(
    editions: Sequence[PublicEdition], block: tuple[int, str]
) -> tuple[list[dict[CountKey, Unknown]], dict[Unknown, Interval]]:
    """Return the tables of one year and stage, and the interval of each suppressed count.

    Counts are told apart only where it has to be.
    """
    parts = [_part(edition, block) for edition in editions]
    values: dict[CountKey, list[int]] = {}
    for part in parts:
        for key in part.hidden:
            if part.values[key] not in (known := values.setdefault(key, [])):
                known.append(part.values[key])
    numbers = {(key, value): number for key, known in values.items() for number, value in enumerate(known)}
    together, apart = [_table(part, {}) for part in parts], [_table(part, numbers) for part in parts]
    if together == apart:
        return together, find_intervals(_distinct(together))
    try:
        found = find_intervals(_distinct(together))
    except ValueError:
        return apart, find_intervals(_distinct(apart))
    widths = promised_widths([(part.width, table) for part, table in zip(parts, together, strict=True)])
    if all(found[unknown].is_enough(THRESHOLD, width) for unknown, width in widths.items()):
        return together, found
    return apart, find_intervals(_distinct(apart))


def _part(edition: PublicEdition, block: tuple[int, str]) -> PublicEdition:
    values: PersonCounts = {key: value for key, value in edition.values.items() if block_of(key) == block}
    return PublicEdition(values, frozenset(key for key in sorted(edition.hidden) if key in values), edition.width)


def _distinct(tables: Sequence[Table]) -> list[Table]:
    """Return the tables of one block without repetitions."""
    return [table for part in split_blocks(tables).values() for table in part]


def _shown_elsewhere(editions: Sequence[PublicEdition]) -> dict[tuple[int, CountKey], Unknown]:
    """Return the counts, by number of an edition and key, that it suppresses and another shows unchanged.

    Only editions that did not know each other have such counts.
    """
    shown = {state for edition in editions for state in edition.shown}
    return {
        (number, key): Unknown(key, edition.values[key])
        for number, edition in enumerate(editions)
        for key in edition.hidden
        if (key, edition.values[key]) in shown
    }


def _find(tables: Sequence[Table]) -> dict[Unknown, Interval]:
    intervals: dict[Unknown, Interval] = {}
    for parts in split_blocks(tables).values():
        intervals |= find_intervals(parts)
    return intervals


def _require_enough(
    editions: Sequence[PublicEdition], tables: Sequence[Table], intervals: dict[Unknown, Interval]
) -> None:
    """Raise ReleaseError for too narrow an interval in a year and stage that the last edition has.

    What others gave away in those that it leaves out cannot be taken back by leaving out more.
    """
    widths = promised_widths([(edition.width, table) for edition, table in zip(editions, tables, strict=True)])
    blocks = {block_of(key) for key in tables[-1]}
    narrow = [u.key for u, width in widths.items() if not intervals[u].is_enough(THRESHOLD, width)]
    narrow += [key for key in sorted(editions[-1].hidden) if tables[-1][key].value is not None]
    if narrow := [key for key in narrow if block_of(key) in blocks]:
        raise ReleaseError(
            f"The public edition cannot be certified: all editions together leave {len(narrow)} suppressed counts of "
            f"persons too few values, among them {'/'.join(map(str, narrow[0]))}. Nothing was published."
        )


def _is_changed(unknown: Unknown, suppressed: Mapping[CountKey, set[int]]) -> bool:
    """Return whether a count is shown of which editions suppress other values only: nobody may take it for theirs."""
    others = suppressed.get(unknown.key, set())
    return unknown.value is not None and bool(others) and unknown.value not in others


def _describe(editions: Sequence[PublicEdition], tables: Sequence[Table], intervals: dict[Unknown, Interval]) -> bytes:
    suppressed: dict[CountKey, set[int]] = {}
    for edition in editions:
        for key in edition.hidden:
            suppressed.setdefault(key, set()).add(edition.values[key])
    hidden = {key: unknown for key, unknown in sorted(tables[-1].items()) if unknown.value is None}
    content = {
        "table": PERSONS_TABLE,
        "threshold": THRESHOLD,
        "width": editions[-1].width,
        "editions": [{"version": e.version, "sha256": e.sha256, "width": e.width} for e in editions[:-1]],
        "apart": [
            {"edition": number, **unknown.key._asdict(), "number": unknown.number or 1}
            for number, table in enumerate(tables)
            for _, unknown in sorted(table.items())
            if unknown.number or _is_changed(unknown, suppressed)
        ],
        "intervals": [
            {**key._asdict(), "lowest_count": intervals[unknown].lowest, "highest_count": intervals[unknown].highest}
            for key, unknown in hidden.items()
        ],
    }
    Certificate.model_validate(content)
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
