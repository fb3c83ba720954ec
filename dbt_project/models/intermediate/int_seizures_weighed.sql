select
    staged.submission_id,
    {{ counted_month('staged', 'seizure_date') }} as month_date,
    {{ fact_code('drug') }} as drug_code,
    late.counted_from,
    late.counted_until,
    count(*) as seizures_count,
    sum(staged.quantity_kg order by staged.sheet, staged.source_row) as quantity_kg,
    sum(
        staged.quantity_kg * if({{ is_questioned() }}, 1, 0)
        order by staged.sheet, staged.source_row
    ) as questioned_kg
from {{ ref('stg_seizures') }} as staged
{{ join_quarantined('staged', 'seizures') }}
left join {{ ref('int_late_seizures_counted') }} as late
    on
        staged.submission_id = late.submission_id
        and staged.sheet = late.sheet
        and staged.source_row = late.source_row
{{ join_questioned('staged') }}
where quarantined.submission_id is null or late.submission_id is not null
group by all
