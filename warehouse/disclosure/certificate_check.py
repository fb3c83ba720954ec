"""Check of a certificate by a stranger: public editions in folders, no warehouse, no look at a suppressed count."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from warehouse.disclosure.certificate import promised_widths
from warehouse.disclosure.intervals import Interval, Table, Unknown, can_agree, find_intervals, split_blocks
from warehouse.disclosure.person_counts import CountKey, block_of
from warehouse.disclosure.shown_edition import (
    CERTIFICATE,
    Certificate,
    DifferentFormatsError,
    ShownEdition,
    public_folder,
    read_shown_edition,
)
from warehouse.releases.verification import Verified
from warehouse.words.catalogue import N_, Argument

MOST_MESSAGES = 20
Message = tuple[str, dict[str, Argument]]
Same = dict[Unknown, Unknown]

_NO_CERTIFICATE = N_("{file_name}: it is missing, so nothing is promised of the suppressed counts.")
_NOT_GIVEN = N_(
    "Public edition {number} (sha256 of its data package {sha256}) was taken into account and is not among the folders "
    "named. Name its folder too."
)
_CONTRADICTION = N_(
    "{year}, {stage}: no counts agree with everything that the editions show. Do not rely on these editions."
)
_TOO_NARROW = N_(
    "{count}: suppressed in edition {number}, and yet the editions leave it only values from {lowest} to {highest}. "
    "Inform the publisher before you pass them on."
)
_DIFFERENT = N_("{count}: the certificate does not state the interval that the editions leave. Do not rely on it.")
_MORE = N_("{count} more problems are not listed.")
CERTIFIED = N_(
    "The certificate holds: each of {count} suppressed counts of persons may be {threshold} or more and has values at "
    "least {width} apart, for whoever has all {editions} editions."
)


def check_certificate(folder: Path, others: Sequence[Path]) -> Verified:
    """Compute anew the intervals of the certificate in a folder whose files were verified, and compare.

    ``others`` are the folders of further public editions, also verified: those that the certificate names have to be
    there, any more are attacked with them. Raises ReleaseError for an edition that cannot be read.
    """
    try:
        own, *rest = map(read_shown_edition, map(public_folder, (folder, *others)))
    except DifferentFormatsError as error:
        return Verified(error.messages)
    if own.certificate is None:
        return Verified([(_NO_CERTIFICATE, {"file_name": CERTIFICATE})])
    given = {edition.sha256: edition for edition in rest}
    named = [part.sha256 for part in own.certificate.editions]
    missing = [part for part in own.certificate.editions if part.sha256 not in given]
    if missing:
        return Verified([(_NOT_GIVEN, {"number": part.version, "sha256": part.sha256[:12]}) for part in missing])
    editions = [*(given[sha256] for sha256 in named), own]
    more = [edition for sha256, edition in given.items() if sha256 not in {*named, own.sha256}]
    problems = list(_compare(own.certificate, editions, more))
    if unlisted := problems[MOST_MESSAGES:]:
        problems[MOST_MESSAGES:] = [(_MORE, {"count": len(unlisted)})]
    if problems:
        return Verified(problems)
    arguments: dict[str, Argument] = {
        "count": len(own.certificate.intervals),
        "width": own.certificate.width,
        "threshold": own.certificate.threshold,
        "editions": len(editions) + len(more),
    }
    return Verified([(CERTIFIED, arguments)], is_sound=True)


def _compare(certificate: Certificate, editions: list[ShownEdition], more: list[ShownEdition]) -> Iterator[Message]:
    tables = _tables(certificate, editions)
    intervals, contradictions = _find(tables)
    yield from contradictions
    stated = {part.key: Interval(part.lowest_count, part.highest_count) for part in certificate.intervals}
    left = {key: intervals.get(unknown) for key, unknown in tables[-1].items() if unknown.value is None}
    for key in sorted({*stated, *left}):
        if stated.get(key) != left.get(key):
            yield _DIFFERENT, {"count": _name(key)}
    widths = [*(part.width for part in certificate.editions), certificate.width, *(edition.width for edition in more)]
    same: Same = {}
    if more:
        # Without the statements of a certificate, suppressed counts of one edition are not those of another.
        strangers = [_table(edition, {}, -number) for number, edition in enumerate(more, start=1)]
        same, tables = _assume_same(tables, strangers), [*tables, *strangers]
        intervals, contradictions = _find([_replace(table, same) for table in tables])
        yield from contradictions
    versions = {u: e.version for e, table in zip([*editions, *more], tables, strict=True) for u in table.values()}
    for unknown, width in promised_widths(list(zip(widths, tables, strict=True))).items():
        known = _resolve(unknown, same)
        interval = intervals.get(known) if known.value is None else Interval(known.value, known.value)
        if interval and not interval.is_enough(certificate.threshold, width):
            yield _TOO_NARROW, {"count": _name(unknown.key), "number": versions[unknown], **interval.arguments}


def _find(tables: Sequence[Table]) -> tuple[dict[Unknown, Interval], list[Message]]:
    """Return the intervals of all suppressed counts, and a message for each block that contradicts itself."""
    intervals: dict[Unknown, Interval] = {}
    contradictions: list[Message] = []
    for (year, stage), parts in split_blocks(tables).items():
        try:
            intervals |= find_intervals(parts)
        except ValueError:
            contradictions.append((_CONTRADICTION, {"year": year, "stage": stage}))
    return intervals, contradictions


def _tables(certificate: Certificate, editions: Sequence[ShownEdition]) -> list[Table]:
    """Return the editions of a certificate with the suppressed counts that it tells apart."""
    numbers: list[dict[CountKey, int]] = [{} for _ in editions]
    for part in certificate.apart:
        if 0 <= part.edition < len(numbers):
            numbers[part.edition][part.key] = part.number
    return [_table(edition, known, 0) for edition, known in zip(editions, numbers, strict=True)]


def _table(edition: ShownEdition, numbers: dict[CountKey, int], usual: int) -> Table:
    return {
        key: Unknown(key, None, numbers.get(key, usual)) if value is None else Unknown(key, value)
        for key, value in edition.counts.items()
    }


def _assume_same(tables: Sequence[Table], strangers: Sequence[Table]) -> Same:
    """Return which suppressed counts an intruder may take for a number that another edition shows or suppresses.

    Between the last of the ``tables`` and each edition that its certificate does not name, he takes every count for
    unchanged, as far as that contradicts nothing that is shown.
    """
    wanted: Same = {}
    for stranger in strangers:
        for key in sorted(tables[-1].keys() & stranger.keys()):
            own, other = tables[-1][key], stranger[key]
            if own != other and None in {own.value, other.value}:
                wanted.setdefault(*((other, own) if other.value is None else (own, other)))
    same: Same = {}
    for block, parts in split_blocks([*tables, *strangers]).items():
        inside = {unknown: other for unknown, other in wanted.items() if block_of(unknown.key) == block}
        if not inside or _agree(parts, inside):
            same |= inside
            continue
        for unknown, other in inside.items():
            if _agree(parts, same | {unknown: other}):
                same[unknown] = other
    return same


def _agree(parts: Sequence[Table], same: Same) -> bool:
    return can_agree([_replace(part, same) for part in parts])


def _replace(table: Table, same: Same) -> Table:
    return {key: _resolve(unknown, same) for key, unknown in table.items()}


def _resolve(unknown: Unknown, same: Same) -> Unknown:
    while unknown in same:
        unknown = same[unknown]
    return unknown


def _name(key: CountKey) -> str:
    """Return a count in words of its table: 2024-03, KAZ, SUSPECTED, 060, sex F."""
    month = f"-{key.month_number:02}" if key.month_number else ""
    parts = [f"{key.calendar_year}{month}", key.country_code, key.contact_stage_code, key.offence_code]
    if key.characteristic_name != "all":
        parts.append(f"{key.characteristic_name} {key.characteristic_code}")
    return ", ".join(parts)
