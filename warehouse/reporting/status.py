"""Status: what each country has sent and what became of it, and which release readers see."""

from collections.abc import Collection
from datetime import datetime

import duckdb

from warehouse.ledger.in_force import LATEST, last_decisions
from warehouse.ledger.opened import OPENED
from warehouse.questionnaire.language import Language
from warehouse.releases.catalogue import current_release, list_releases
from warehouse.storage.settings import Settings
from warehouse.text_table import lay_out
from warehouse.words.catalogue import N_, Argument, fill, translate

_DECIDED = f"""
with {OPENED}
select
    coalesce(country_code, 'UNKNOWN') as country, count(*) as submissions, count_if(outcome = 'accepted') as accepted,
    count_if(outcome = 'rejected') as rejected, sum(accepted_count)::bigint as rows_accepted,
    sum(quarantined_count)::bigint as rows_quarantined, sum(errors_count)::bigint as errors,
    sum(warnings_count)::bigint as warnings
from ({last_decisions("list_contains($times, decided_at)")}) as decisions
inner join raw.submissions on decisions.submission_id = submissions.submission_id
inner join opened on decisions.submission_id = opened.submission_id and decisions.decided_at = opened.decided_at
group by grouping sets ((country_code), ())
order by grouping(country_code), 1
"""

COVERAGE = f"""
with {LATEST},
months as (
    select country_code, reporting_month, sum(row_count) as row_count
    from parts
    where is_current
    group by all
),
span as (
    select date_diff('month', min(reporting_month), max(reporting_month)) + 1 as months_count from months
),
answered as (
    select
        country_code, count_if(row_count > 0) as reported, count_if(row_count = 0) as nil
    from months
    group by all
),
current_submissions as (
    select country_code, count(distinct submission_id) as current_submissions
    from parts
    where is_current
    group by all
),
received as (
    select
        country_code, count(distinct (sha256, file_name)) as files, max(received_at) as last_received,
        arg_max(contact, arrival_number) filter (contact is not null) as contact
    from raw.submissions
    inner join ledger.arrivals on submissions.submission_id = arrivals.submission_id
    group by all
),
counted as (
    select
        country_code, sum(accepted_count)::bigint as rows_accepted, sum(quarantined_count)::bigint as rows_quarantined
    from latest
    group by all
)
select
    coalesce(received.country_code, 'UNKNOWN'), coalesce(reported, 0), coalesce(nil, 0),
    months_count - coalesce(reported, 0) - coalesce(nil, 0), files, coalesce(current_submissions, 0),
    coalesce(rows_accepted, 0), coalesce(rows_quarantined, 0), strftime(last_received, '%Y-%m-%d %H:%M'),
    contact
from received
cross join span
left join answered on received.country_code = answered.country_code
left join current_submissions on received.country_code = current_submissions.country_code
left join counted on received.country_code is not distinct from counted.country_code
order by 1
"""

COVERAGE_HEADINGS = (
    N_("country"), N_("months with data"), N_("nil"), N_("missing"), N_("files"), N_("in force"), N_("rows accepted"),
    N_("quarantined"), N_("last received (UTC)"), N_("contact"),
)  # fmt: skip
_NO_RELEASE = N_("There is no release yet. `sarai publish` makes one.")
_RELEASE = N_("Release {number} of {created} is current ({count} kept, the last is {last}).")


def summarise(connection: duckdb.DuckDBPyConnection, times: Collection[datetime]) -> str:
    """Return a table, a line per country, of what was decided at these times; errors and warnings as in its answers.

    Of several decisions on a submission the last counts.
    """
    rows = [list(row) for row in connection.execute(_DECIDED, {"times": list(times)}).fetchall()]
    if rows:
        rows[-1][0] = "all"
    headings = ("country", "submissions", "accepted", "rejected", "rows accepted", "quarantined", "errors", "warnings")
    return lay_out(headings, rows)


def count_errors(connection: duckdb.DuckDBPyConnection, times: Collection[datetime]) -> int:
    """Return how many errors the answers to what was decided at these times name; the last of each submission count."""
    row = connection.execute(
        f"with {OPENED} select coalesce(sum(errors_count), 0)::bigint from opened "
        f"semi join ({last_decisions('list_contains(?, decided_at)')}) using (submission_id, decided_at)",
        [list(times)],
    ).fetchone()
    return int(row[0]) if row else 0


def describe_status(connection: duckdb.DuckDBPyConnection, settings: Settings, language: Language) -> str:
    """Return, per country, months with data, nil and missing, files, rows, last receipt, contact; then the releases."""
    headings = [translate(heading, language) for heading in COVERAGE_HEADINGS]
    table = lay_out(headings, connection.execute(COVERAGE).fetchall())
    return f"{table}\n\n{_releases(settings, language)}"


def _releases(settings: Settings, language: Language) -> str:
    current = current_release(settings)
    if current is None:
        return translate(_NO_RELEASE, language)
    numbers = [release.number for release in list_releases(settings)]
    arguments: dict[str, Argument] = {
        "number": str(current.number),
        "created": str(current.package.get("created", "")),
        "count": len(numbers),
        "last": numbers[-1],
    }
    return fill(_RELEASE, arguments, language)
