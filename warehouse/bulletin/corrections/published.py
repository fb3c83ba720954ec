"""What releases have published of each month, and where the next one says otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from warehouse.kits.source import CENTRE, Source
from warehouse.releases.catalogue import Release, list_releases, listed_hashes, require_published
from warehouse.storage.sql import literal

COVERAGE = "coverage"
MEASURES = ("seizures_count", "quantity_kg_without_duplicates", "quantity_litres_without_duplicates")
_FIGURES, _REPORTS = "rpt_seizures_by_month", "rpt_coverage_by_month"

# A row tells of at least one seizure, so one that counts none has them all held back: how many there are is not known.
# Where a state has reported a month, a drug without a row is one that it has not seized.
_CHANGED = """
with reports_before as (select * from {reports_before} where table_name = 'seizures'),
reports_after as (select * from {reports_after} where table_name = 'seizures'),
published as (select distinct month_date from reports_before where coverage <> 'missing'),
compared as (
    select
        month_date, country_code, drug_code, unnest([{figures}], recursive := true),
        old.seizures_count is not null as was_there, new.seizures_count is not null as is_there,
        coalesce(reports_before.coverage, 'missing') <> 'missing' as was_reported,
        coalesce(reports_after.coverage, 'missing') <> 'missing' as is_reported
    from {before} as old full join {after} as new using (month_date, country_code, drug_code)
    join published using (month_date)
    left join reports_before using (month_date, country_code)
    left join reports_after using (month_date, country_code)
),
told as (
    select * replace (
        case when was_there then before when was_reported then 0 end as before,
        case when is_there then after when is_reported then 0 end as after
    )
    from compared
    where (was_there or was_reported or not is_reported)
        and (measure = 'seizures_count' or ((was_there or after is not null) and (is_there or before is not null)))
)
select month_date, country_code, drug_code, measure, before, after
from told
where before is distinct from after
    and coalesce(abs(before - after) > 1e-9 * greatest(abs(before), abs(after)), true)
order by month_date, country_code, drug_code, list_position({measures}, measure)"""
_REPORTED = """
with old as (select * from {reports_before} where table_name = 'seizures'),
new as (select * from {reports_after} where table_name = 'seizures')
select month_date, country_code, '' as drug_code, 'coverage' as measure,
    coalesce(old.coverage, 'missing') as before, coalesce(new.coverage, 'missing') as after
from old full join new using (month_date, country_code)
where month_date in (select month_date from old where coverage <> 'missing')
    and coalesce(old.coverage, 'missing') <> coalesce(new.coverage, 'missing')
order by month_date, country_code"""
_MONTHS = """
select distinct month_date from {reports_after} where table_name = 'seizures' and coverage <> 'missing'
except select month_date from {reports_before} where table_name = 'seizures' and coverage <> 'missing'
order by month_date"""


@dataclass(frozen=True)
class Change:
    """A published figure of a state and month that a release changed; None is not known.

    ``measure`` is a column of rpt_seizures_by_month, or ``coverage`` of all drugs (``drug`` is empty then): the report
    of the state was data, nil or missing. Of a first report it is all that is told, as nothing stood there before.
    """

    month: date
    country: str
    drug: str
    measure: str
    before: float | str | None
    after: float | str | None


@dataclass(frozen=True)
class Step:
    """What a release says otherwise than the one before it, and the months that it is the first to publish."""

    before: Release
    after: Release
    changes: tuple[Change, ...]
    new_months: tuple[date, ...]

    @property
    def day(self) -> str:
        """The day on which the later release was made, as in 2024-05-25."""
        return str(self.after.package["created"])[:10]


def steps(source: Source) -> list[Step]:
    """Return the steps from the first release on disk to that of the source, as its audience sees them, in order.

    Raises ReleaseError for a file that is not as it was published.
    """
    if not source.has(_FIGURES, MEASURES[0]) or not source.has(_REPORTS, COVERAGE):
        return []
    chain = [*_earlier(source), source.release]
    return [_step(source, before, after) for before, after in pairwise(chain)]


def _earlier(source: Source) -> Iterator[Release]:
    """Yield earlier releases of which the audience has an edition; those of a past day's knowledge are no editions."""
    for release in list_releases(source.settings):
        is_earlier = release.number < source.release.number and release.is_readable and release.as_of is None
        if is_earlier and all(_parquet(source, release, mart).is_file() for mart in (_FIGURES, _REPORTS)):
            yield release


def _step(source: Source, before: Release, after: Release) -> Step:
    if all(_is_same(source, before, after, mart) for mart in (_FIGURES, _REPORTS)):
        return Step(before, after, (), ())
    rows = {
        "before": _rows(source, before, _FIGURES), "after": _rows(source, after, _FIGURES),
        "reports_before": _rows(source, before, _REPORTS), "reports_after": _rows(source, after, _REPORTS),
    }  # fmt: skip
    measures = [name for name in MEASURES if source.has(_FIGURES, name) and name in _columns(source, rows["before"])]
    figures = ", ".join(
        f"{{'measure': '{name}', 'before': {_known(name, 'old')}, 'after': {_known(name, 'new')}}}" for name in measures
    )
    changed = source.execute(_CHANGED.format(figures=figures, measures=measures, **rows)).fetchall()
    reported = source.execute(_REPORTED.format(**rows)).fetchall()
    months = source.execute(_MONTHS.format(**rows)).fetchall()
    changes = (Change(*row) for row in (*reported, *changed))
    return Step(before, after, tuple(changes), tuple(month for (month,) in months))


def _known(measure: str, side: str) -> str:
    value = f"nullif({side}.seizures_count, 0)" if measure == MEASURES[0] else f"{side}.{measure}"
    return f"cast({value} as double)"


def _rows(source: Source, release: Release, mart: str) -> str:
    """Return the rows of a mart that the audience sees, in SQL; the files of one mart are much less than a release."""
    path = _parquet(source, release, mart)
    require_published(release, path)
    rule = source.access.of(source.marts[mart])
    shown = "true" if source.audience == CENTRE else rule.shared_rows or "false"
    return f"(select * from read_parquet({literal(str(path))}) where {shown})"


def _parquet(source: Source, release: Release, mart: str) -> Path:
    folder = release.public if source.is_public else release.path
    return folder / "parquet" / f"{mart}.parquet"


def _is_same(source: Source, before: Release, after: Release, mart: str) -> bool:
    """Return whether both releases list one and the same file of a mart."""
    name = _parquet(source, after, mart).relative_to(after.path).as_posix()
    digest = listed_hashes(after).get(name)
    return digest is not None and listed_hashes(before).get(name) == digest


def _columns(source: Source, rows: str) -> Sequence[str]:
    return [name for name, *_ in source.execute(f"describe from {rows}").fetchall()]
