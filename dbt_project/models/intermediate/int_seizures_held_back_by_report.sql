{{ config(materialized='table') }}

-- Seizures of a report that an error holds back and that no other row counts, in the
-- month in which they would count; of which drug is null where that was not read.
select
    staged.submission_id,
    {{ counted_month('staged', 'seizure_date') }} as month_date,
    {{ fact_code('drug') }} as drug_code,
    count(*) as held_back_count
from {{ ref('stg_seizures') }} as staged
{{ join_quarantined('staged', 'seizures') }}
where
    quarantined.submission_id is not null
    and quarantined.is_counted_elsewhere is not true
group by all
