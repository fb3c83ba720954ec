select
    concat_ws(':', staged.submission_id, nullif(staged.sheet, ''), staged.source_row)
        as seizure_id,
    staged.country_code,
    staged.admin_division_code as subdivision_code,
    staged.border_point_code,
    staged.place,
    staged.routing_code,
    staged.drug_code,
    staged.unit_code,
    staged.hiding_place_code,
    staged.installation_code,
    staged.transport_mode_code,
    staged.producing_country_code,
    staged.departure_country_code,
    staged.destination_country_code,
    staged.agency_code,
    coalesce(staged.source_class_code, 'OFFICIAL') as source_class_code,
    staged.record_id,
    staged.quantity,
    staged.quantity_kg,
    staged.quantity_litres,
    staged.quantity_count,
    staged.equivalent_kg,
    staged.purity_pct,
    staged.quantity_kg * staged.purity_pct / 100 as pure_kg,
    staged.conversion_id,
    staged.equivalent_conversion_id,
    staged.reporting_month,
    staged.seizure_date,
    staged.submission_id,
    staged.sheet,
    staged.source_row
from {{ ref('stg_seizures') }} as staged
inner join {{ ref('int_landings_current') }} as landings
    on staged.submission_id = landings.submission_id and landings.table_name = 'seizures'
left join {{ ref('int_rows_quarantined') }} as quarantined
    on
        staged.submission_id = quarantined.submission_id
        and quarantined.table_name = 'seizures'
        and staged.sheet = quarantined.sheet
        and staged.source_row = quarantined.source_row
where quarantined.submission_id is null
order by
    staged.country_code,
    staged.reporting_month,
    staged.submission_id,
    staged.sheet,
    staged.source_row
