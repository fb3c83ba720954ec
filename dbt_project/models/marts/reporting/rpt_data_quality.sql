with warned as (

    select
        findings.submission_id,
        findings.table_name,
        count(*) as warnings_count
    from {{ source('raw', 'findings') }} as findings
    inner join {{ ref('int_submissions_decided') }} as decided
        on
            findings.submission_id = decided.submission_id
            and findings.decided_at = decided.decided_at
    where findings.severity = 'warning' and findings.source_row is not null
    group by findings.submission_id, findings.table_name

)

select
    covered.country_code,
    covered.month_date,
    covered.table_name,
    covered.coverage,
    sent.timeliness_days,
    in_force.completeness_pct,
    in_force.received_count,
    in_force.accepted_count,
    100.0 * in_force.accepted_count / nullif(in_force.received_count, 0) as validity_pct,
    if(in_force.submission_id is null, null, coalesce(warned.warnings_count, 0))
        as warnings_count,
    100.0 * coalesce(warned.warnings_count, 0) / nullif(in_force.received_count, 0)
        as warnings_per_100_rows,
    coalesce(sent.revisions_count, 0) as revisions_count,
    coalesce(sent.rejected_count, 0) as rejected_count,
    if(
        sent.revisions_count > 0 and covered.table_name = 'seizures',
        (sent.last_kg - sent.first_kg) / nullif(sent.first_kg, 0), null
    ) as revision_ratio
from {{ ref('rpt_coverage_by_month') }} as covered
left join {{ ref('int_landings_revised') }} as sent
    on
        covered.country_code = sent.country_code
        and covered.month_date = sent.reporting_month
        and covered.table_name = sent.table_name
left join {{ ref('rpt_submissions') }} as in_force
    on
        covered.submission_id = in_force.submission_id
        and covered.table_name = in_force.table_name
left join warned
    on
        covered.submission_id = warned.submission_id
        and covered.table_name = warned.table_name
order by covered.country_code, covered.month_date, covered.table_name
