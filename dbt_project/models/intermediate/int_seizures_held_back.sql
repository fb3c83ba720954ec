-- Those of the reports in force.
select
    landings.country_code,
    held.month_date,
    held.drug_code,
    cast(sum(held.held_back_count) as bigint) as held_back_count
from {{ ref('int_seizures_held_back_by_report') }} as held
inner join {{ ref('int_landings_current') }} as landings
    on
        held.submission_id = landings.submission_id
        and landings.table_name = 'seizures'
group by all
