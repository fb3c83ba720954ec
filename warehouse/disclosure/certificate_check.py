"""Check of a certificate by a stranger: public editions in folders, no warehouse, no look at a suppressed count."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from warehouse.disclosure.certificate import promised_widths
from warehouse.disclosure.intervals import (
    Interval,
    Same,
    Table,
    Unknown,
    assume_same,
    find_intervals,
    replace_same,
    resolve_same,
    split_blocks,
)
from warehouse.disclosure.person_counts import CountKey
from warehouse.disclosure.shown_counts import DifferentFormatsError
from warehouse.disclosure.shown_edition import CERTIFICATE, Certificate, ShownEdition, public_folder, read_shown_edition
from warehouse.disclosure.suppression import THRESHOLD, WIDTH
from warehouse.releases.verification import Verified
from warehouse.words.catalogue import N_, Argument

MOST_MESSAGES = 20
Message = tuple[str, dict[str, Argument]]

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
_LESS_THAN_POLICY = N_(
    "The certificate of edition {number} promises that a suppressed count may be {threshold} or more and has values at "
    "least {width} apart; less than {least_threshold} and {least_width} is not enough. Do not rely on it."
)
_OTHER_PROMISE = N_(
    "The certificate says that edition {number} promised values at least {stated} apart; that edition, number "
    "{version}, promised {width}. Do not rely on it."
)
_SHOWN = N_(
    "{count}: edition {number} shows that it is {value}, and counts of 1 to {most} have to be suppressed. Inform the "
    "publisher before you pass it on."
)
_MORE = N_("{count} more problems are not listed.")
CERTIFIED = N_(
    "The certificate holds: each of {count} suppressed counts of persons may be {threshold} or more and has values at "
    "least {width} apart, for whoever has all {editions} editions."
)
CHANGED = N_(
    "Counts that the publisher states to have changed between editions that suppress them and editions that show them: "
    "{count}. Nobody can check that from the editions."
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
    problems = [*_require_policy(own.certificate, editions, more), *_compare(own.certificate, editions, more)]
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
    changed: dict[str, Argument] = {"count": len(_changed(_tables(own.certificate, editions), own.certificate))}
    return Verified([(CERTIFIED, arguments), *[(CHANGED, changed)] * bool(changed["count"])], is_sound=True)


def _require_policy(
    certificate: Certificate, editions: Sequence[ShownEdition], more: Sequence[ShownEdition]
) -> Iterator[Message]:
    """Yield what no edition may show or promise, whatever its certificate says."""
    for part, edition in zip(certificate.editions, editions, strict=False):
        if (part.version, part.width) != (edition.version, edition.width):
            found: dict[str, Argument] = {"version": edition.version, "width": edition.width}
            yield _OTHER_PROMISE, {"number": part.version, "stated": part.width, **found}
    for edition in [*editions, *more]:
        promise = edition.certificate
        if promise and (promise.threshold < THRESHOLD or promise.width < WIDTH):
            least: dict[str, Argument] = {"least_threshold": THRESHOLD, "least_width": WIDTH}
            promised: dict[str, Argument] = {"threshold": promise.threshold, "width": promise.width}
            yield _LESS_THAN_POLICY, {"number": edition.version, **promised, **least}
        for key, value in edition.counts.items():
            if value is not None and 0 < value < THRESHOLD:
                shown: dict[str, Argument] = {"count": _name(key), "value": value}
                yield _SHOWN, {**shown, "number": edition.version, "most": THRESHOLD - 1}


def _compare(certificate: Certificate, editions: list[ShownEdition], more: list[ShownEdition]) -> Iterator[Message]:
    tables = _tables(certificate, editions)
    intervals, contradictions = _find(tables)
    yield from contradictions
    stated = {part.key: Interval(part.lowest_count, part.highest_count) for part in certificate.intervals}
    left = {key: intervals.get(unknown) for key, unknown in tables[-1].items() if unknown.value is None}
    for key in sorted({*stated, *left}):
        if stated.get(key) != left.get(key):
            yield _DIFFERENT, {"count": _name(key)}
    # Without the statements of a certificate, suppressed counts of one edition are not those of another.
    strangers = [_table(edition, {}, -number) for number, edition in enumerate(more, start=1)]
    pairs = [*_pair_strangers(tables[-1], strangers), *_pair_shown(tables, certificate)]
    same = assume_same([*tables, *strangers], pairs)
    if same or strangers:
        intervals, contradictions = _find([replace_same(table, same) for table in [*tables, *strangers]])
        yield from contradictions
    given_away = _given_away(tables, editions, same)
    everything = list(zip([*editions, *more], [*tables, *strangers], strict=True))
    versions = {unknown: edition.version for edition, table in everything for unknown in table.values()}
    for unknown, width in promised_widths([(edition.width, table) for edition, table in everything]).items():
        known = resolve_same(unknown, same)
        interval = intervals.get(known) if known.value is None else Interval(known.value, known.value)
        if interval and unknown not in given_away and not interval.is_enough(THRESHOLD, width):
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


def _pair_strangers(own: Table, strangers: Sequence[Table]) -> Iterator[tuple[Unknown, Unknown]]:
    """Yield what an intruder takes for unchanged between an edition and each that its certificate does not name."""
    for stranger in strangers:
        for key in sorted(own.keys() & stranger.keys()):
            mine, other = own[key], stranger[key]
            if mine != other and None in {mine.value, other.value}:
                yield (other, mine) if other.value is None else (mine, other)


def _pair_shown(tables: Sequence[Table], certificate: Certificate) -> Iterator[tuple[Unknown, Unknown]]:
    """Yield each suppressed count with what other editions of a certificate show, unless it says that this changed."""
    changed = _changed(tables, certificate)
    shown: dict[CountKey, list[Unknown]] = {}
    for number, table in enumerate(tables):
        for key, unknown in table.items():
            if unknown.value is not None and (number, key) not in changed:
                shown.setdefault(key, []).append(unknown)
    for unknown in dict.fromkeys(unknown for table in tables for unknown in table.values() if unknown.value is None):
        # What was shown last is the first that an intruder tries.
        for other in dict.fromkeys(reversed(shown.get(unknown.key, []))):
            yield unknown, other


def _changed(tables: Sequence[Table], certificate: Certificate) -> set[tuple[int, CountKey]]:
    """Return the shown counts, by place of the edition, that are none of those that others suppress."""
    stated = [(part.edition, part.key) for part in certificate.apart]
    return {(n, key) for n, key in stated if key in tables[n] and tables[n][key].value is not None}


def _given_away(tables: Sequence[Table], editions: Sequence[ShownEdition], same: Same) -> set[Unknown]:
    """Return the counts that an edition shows which did not know those that suppress them.

    That cannot be taken back by any edition that is published after both.
    """
    named = [{part.sha256 for part in e.certificate.editions} if e.certificate else set[str]() for e in editions]
    given: set[Unknown] = set()
    for unknown in same:
        told = resolve_same(unknown, same)
        hide = [n for n, table in enumerate(tables) if table.get(unknown.key) == unknown]
        show = [n for n, table in enumerate(tables) if told.value is not None and table.get(told.key) == told]
        if any(not any(_knows(editions, named, n, other) for other in hide) for n in show if hide):
            given.add(unknown)
    return given


def _knows(editions: Sequence[ShownEdition], named: Sequence[set[str]], one: int, other: int) -> bool:
    return editions[one].sha256 in named[other] or editions[other].sha256 in named[one]


def _name(key: CountKey) -> str:
    """Return a count in words of its table: 2024-03, KAZ, SUSPECTED, 060, sex F."""
    month = f"-{key.month_number:02}" if key.month_number else ""
    parts = [f"{key.calendar_year}{month}", key.country_code, key.contact_stage_code, key.offence_code]
    if key.characteristic_name != "all":
        parts.append(f"{key.characteristic_name} {key.characteristic_code}")
    return ", ".join(parts)
