select
    seizures.country_code,
    seizures.reporting_month as month_date,
    seizures.drug_code,
    count(*) as seizures_count,
    count(seizures.quantity) as known_quantity_count,
    sum(seizures.quantity_kg order by seizures.row_place) as quantity_kg,
    sum(seizures.questioned_kg order by seizures.row_place) as questioned_kg,
    sum(seizures.quantity_litres order by seizures.row_place) as quantity_litres,
    sum(seizures.quantity_count order by seizures.row_place) as quantity_count
from {{ placed_seizures() }} as seizures
inner join {{ ref('dim_drugs') }} as drugs on seizures.drug_code = drugs.drug_code
where drugs.is_precursor
group by seizures.country_code, seizures.reporting_month, seizures.drug_code
order by seizures.country_code, seizures.reporting_month, seizures.drug_code
