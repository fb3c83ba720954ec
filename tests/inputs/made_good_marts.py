"""Small good marts, for the tests of gate 2: those of seizures and reporting by hand, all others from their checks."""

import re
from collections.abc import Mapping, Sequence

from made_signals import SIGNALS

from expectations.marts.checks import MartChecks
from expectations.marts.suites import MARTS
from expectations.marts.totals import Totals

# Eight months of two countries. OLD is replaced by TKM-1, REFUSED was rejected, row 9 of TKM-2 was quarantined.
# All opium of KAZ-1 is held back.
WORLD = """
create schema seeds; create schema staging; create schema marts; create schema audit;

insert into raw.submissions by name
select
    submission_id, '' as sha256, submission_id || '.csv' as file_name, 0 as byte_count,
    left(submission_id, 3) as country_code,
    make_date(2024, month, 1) as reporting_month, make_date(2024, month + 1, day) as received_at
from (
    select 'TKM-' || i as submission_id, i as month, 9 as day from range(1, 9) as months (i)
    union all select 'KAZ-' || i, i, 9 from range(1, 9) as months (i)
    union all values ('TKM-OLD', 1, 2), ('TKM-REFUSED', 2, 20)
);
insert into raw.landings by name
select submission_id, 'seizures' as table_name, '' as sheet, 1 as header_row, 2 as row_count from raw.submissions;
insert into raw.decisions
select submission_id, received_at, 'accepted', 'v1', 2, 2, 0 from raw.submissions;
insert into raw.decisions
select
    submission_id, received_at + interval 1 day, if(submission_id = 'TKM-REFUSED', 'rejected', 'accepted'),
    'v2', 2, 2, 0
from raw.submissions;
insert into raw.findings by name
select
    submission_id, decided_at, 'seizures' as table_name, '' as sheet, 9 as source_row, severity,
    '' as rule, '' as message, '' as template, '{}' as arguments
from raw.decisions
inner join (values ('TKM-2', 'v2', 'error'), ('TKM-3', 'v1', 'error'), ('TKM-4', 'v2', 'warning'))
    as t (submission_id, rules_version, severity) using (submission_id, rules_version);

create table staging.stg_seizures as
select
    submission_id, '' as sheet, source_row, country_code, reporting_month, 'HEROIN' as drug_code,
    reporting_month as seizure_date, cast(null as date) as seizure_date_exchanged,
    cast(2 + month(reporting_month) % 3 as double) as quantity, quantity as quantity_kg,
    cast(null as double) as quantity_litres,
    cast(null as double) as quantity_count, quantity as equivalent_kg
from raw.submissions cross join (values (8), (9)) as rows_sent (source_row);

create table marts.fct_seizures as
select submission_id || ':' || source_row as seizure_id, staged.*,
    cast(50 as double) as purity_pct, quantity_kg / 2 as pure_kg, false as is_questioned, 0e0 as questioned_kg,
    false as is_presumed_duplicate, cast(null as varchar) as counted_unit_code
from staging.stg_seizures as staged
where submission_id not in ('TKM-OLD', 'TKM-REFUSED') and (submission_id, source_row) not in (('TKM-2', 9));

create table marts.rpt_seizures_by_month as
select
    country_code, reporting_month as month_date, drug_code, count(*) as seizures_count,
    count(quantity) as known_quantity_count, cast(100 as double) as known_quantity_pct, sum(quantity_kg) as quantity_kg,
    sum(quantity_litres) as quantity_litres, sum(equivalent_kg) as equivalent_kg,
    0 as questioned_count, 0e0 as questioned_kg, 0e0 as questioned_kg_without_duplicates,
    0 as questioned_count_without_duplicates,
    0 as presumed_duplicate_count, sum(quantity_kg) as quantity_kg_without_duplicates,
    sum(quantity_litres) as quantity_litres_without_duplicates,
    sum(equivalent_kg) as equivalent_kg_without_duplicates,
    2 as reporting_countries_count, 5 as member_countries_count, 0 as held_back_count
from marts.fct_seizures group by all;
insert into marts.rpt_seizures_by_month by name
select 'KAZ' as country_code, date '2024-01-01' as month_date, 'OPIUM' as drug_code, 0 as seizures_count,
    0 as known_quantity_count, 0 as questioned_count, 0 as questioned_count_without_duplicates,
    0 as presumed_duplicate_count, 2 as reporting_countries_count, 5 as member_countries_count, 1 as held_back_count;
create table audit.last_release_by_month as from marts.rpt_seizures_by_month;

create table marts.rpt_revisions as
select
    country_code, reporting_month as month_date, drug_code, 1 as revision_number, true as is_current,
    count(*) as seizures_count, sum(quantity_kg) as quantity_kg, 1 as revision_count, 1.0 as revision_kg,
    timestamp '2024-03-01' as received_at, cast(null as timestamp) as superseded_at
from marts.fct_seizures group by all;
insert into marts.rpt_revisions by name
select * replace (
    0 as revision_number, false as is_current, seizures_count - 1 as seizures_count, quantity_kg - 1 as quantity_kg,
    null as revision_count, null as revision_kg, timestamp '2024-02-01' as received_at, received_at as superseded_at
) from marts.rpt_revisions;

create table marts.rpt_routes as
select
    'AFG' as producing_country_code, 'NOT_ANSWERED' as departure_country_code, 'RUS' as destination_country_code,
    drug_code, 2024 as calendar_year, count(*) as seizures_count, sum(quantity_kg) as quantity_kg,
    0 as presumed_duplicate_count, sum(quantity_kg) as quantity_kg_without_duplicates,
    0e0 as questioned_kg, 0e0 as questioned_kg_without_duplicates,
    date '2024-01-01' as first_month_date, date '2024-08-01' as last_month_date,
    2 as reporting_countries_count, 8 as covered_months_count, 8 as reported_months_count
from marts.fct_seizures group by all;
create table marts.rpt_changes as
select 'countries' as area_level_name, country_code as area_code, month_date, 'PREVIOUS_MONTH' as period_code,
    'drugs' as drug_level_name, drug_code as drug_or_class_code, 'SEIZURES' as measure_code,
    seizures_count + 0e0 as reported_value, reported_value as reported_value_without_duplicates,
    reported_value as compared_value, reported_value as compared_value_without_duplicates,
    0e0 as earlier_value, 0e0 as earlier_value_without_duplicates, cast(null as double) as change_pct,
    change_pct as change_pct_without_duplicates, 1 as compared_countries_count, 0 as otherwise_left_out_count,
    1 as member_countries_count, cast(null as varchar) as not_reported_country_codes
from marts.rpt_seizures_by_month where seizures_count > 0;
create table marts.rpt_submissions as
select
    submission_id, 'seizures' as table_name, 2 as received_count, 2 as accepted_count, 0 as quarantined_count,
    1 as findings_count, 60.0 as completeness_pct
from raw.submissions;
create table marts.rpt_coverage_by_month as
select country_code, reporting_month as month_date, 'seizures' as table_name, 'data' as coverage, submission_id
from raw.submissions where submission_id not in ('TKM-OLD', 'TKM-REFUSED')
union all values ('UZB', date '2024-01-01', 'seizures', 'missing', null);
create table marts.fct_seizure_matches as
select 'TKM-1:8' as seizure_id_a, 'TKM-1:9' as seizure_id_b, 3.0 as amount_a, 3.0 as amount_b, 0 as days_apart,
    cast(0 as double) as difference_pct, 0.9 as score;
create table marts.rpt_mirror_activities as
select date '2024-01-01' as month_date, 'KAZ' as country_code_a, 'TKM' as country_code_b,
    'MEETING' as activity_type_code, 1 as activities_count_a, 0 as activities_count_b;
create table marts.rpt_mirror_exchanges as
select date '2024-01-01' as month_date, 'KAZ' as sender_country_code, 'TKM' as receiver_country_code,
    'BLO' as exchange_channel_code, 1 as requests_sent_count, 0 as requests_received_count;
create table marts.rpt_persons_by_month as
select 'KAZ' as country_code, date '2024-01-01' as month_date, '060121' as offence_code,
    'SUSPECTED' as contact_stage_code, 10 as persons_count, 1 as women_count, 7 as men_count, 2 as sex_unknown_count,
    3 as juveniles_count, 7 as adults_count, 0 as age_unknown_count, 6 as nationals_count, 0 as foreigners_count,
    4 as citizenship_unknown_count, 12.5 as women_pct, 30.0 as juveniles_pct, 0.0 as foreigners_pct;
create table marts.rpt_persons_by_year as
select * exclude (month_date), 2024 as calendar_year from marts.rpt_persons_by_month;
create table marts.rpt_persons_by_citizenship as
select *, 'TKM' as citizenship_code, 100.0 as known_citizenship_pct from marts.rpt_persons_by_year;
create table marts.dim_countries as select unnest(['KAZ', 'TKM']) as country_code;
create table marts.dim_drugs as select 'HEROIN' as drug_code, 'OPIATES' as unodc_class_code;
create table marts.dim_border_points as select 'TM-FARAP' as border_point_code, 4900 as precision_m;
create table marts.dim_dates as select date '2024-01-01' as date_day;
create schema intermediate;
create view intermediate.int_seizures_described as
select
    seizure_id, submission_id, drug_code, seizure_date, if(quantity_kg is null, 'count', 'kg') as measure,
    coalesce(quantity_kg, quantity_count) as amount, cast(round(1e7 * ln(nullif(amount, 0))) as bigint) as amount_key
from marts.fct_seizures where seizure_date is not null;
create table seeds.missing_values as select unnest(['NOT_STATED', 'UNKNOWN']) as code;
create table seeds.match_limits as select 'WITHIN' as kind, 100 as alike_count;
create table marts.rpt_national_totals as
select
    country_code, year(reporting_month) as calendar_year, drug_code as unodc_class_code, count(*) as seizures_count,
    count(equivalent_kg) as equivalent_count, 0 as presumed_duplicate_count, sum(quantity_kg) as quantity_kg,
    sum(quantity_kg) as quantity_kg_without_duplicates, 0e0 as questioned_kg, 0e0 as questioned_kg_without_duplicates,
    sum(equivalent_kg) as equivalent_kg, sum(equivalent_kg) as equivalent_kg_without_duplicates,
    8 as reported_months_count, 0 as held_back_count, 60e0 as national_total_kg,
    cast(null as double) as earlier_total_kg, 0.76 as national_ratio,
    0.76 as national_ratio_without_duplicates, 'CASES_BELOW' as comparison_code
from marts.fct_seizures group by all;
insert into marts.rpt_national_totals by name
select 'UZB' as country_code, 2024 as calendar_year, 'HEROIN' as unodc_class_code, 0 as seizures_count,
    0 as equivalent_count, 0 as presumed_duplicate_count, 8 as reported_months_count, 0 as held_back_count,
    'NO_CASES' as comparison_code;
"""


def make_good_marts(keys: Mapping[str, Sequence[str]]) -> str:
    """Return the SQL that makes every mart; ``keys`` are their primary keys."""
    by_hand = WORLD + SIGNALS
    named = re.findall(r"create table marts\.(\w+)", by_hand)
    return by_hand + ";\n".join(_made(checks, keys[checks.mart]) for checks in MARTS if checks.mart not in named)


def _made(checks: MartChecks, key: Sequence[str]) -> str:
    """Make a mart of sums of the seizures, of no rows of a form, or of one row."""
    if checks.totals:
        selected = f"{_summed(checks, checks.totals, key)} from marts.fct_seizures group by all"
    elif checks.rows_of:
        selected = ", ".join(f"'A' as {column}" for column in (*key, "submission_id")) + " limit 0"
    else:
        selected = ", ".join([*(f"'A' as {column}" for column in key), *_figures(checks)])
    return f"create table marts.{checks.mart} as select {selected}"


def _summed(checks: MartChecks, totals: Totals, key: Sequence[str]) -> str:
    keys = [column if column in totals.by else f"'A' as {column}" for column in key]
    sums = [f"sum({measure}) as {measure}" for measure in totals.measures]
    figures = [figure for figure in _figures(checks) if figure.split()[-1] not in (*totals.measures, "seizures_count")]
    return ", ".join([*keys, "count(*) as seizures_count", *sums, *figures])


def _figures(checks: MartChecks) -> list[str]:
    """Return 1 for every column of figures."""
    pairs = [column for pair in checks.ordered for column in pair]
    names = [*checks.counts, *checks.measures, *checks.shares, *pairs]
    return [f"cast(1 as double) as {name}" for name in dict.fromkeys(names)]
