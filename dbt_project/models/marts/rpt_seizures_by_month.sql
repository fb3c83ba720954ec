with covered as (

    select
        month_date,
        count(*) as member_countries_count,
        count(*) filter (where coverage <> 'missing') as reporting_countries_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'
    group by month_date

)

select
    seizures.country_code,
    seizures.reporting_month as month_date,
    seizures.drug_code,
    count(*) as seizures_count,
    count(seizures.quantity) as known_quantity_count,
    100.0 * count(seizures.quantity) / count(*) as known_quantity_pct,
    -- In the order of their keys: the last digit of a sum of doubles depends on it.
    sum(seizures.quantity_kg order by seizures.seizure_id) as quantity_kg,
    sum(seizures.quantity_litres order by seizures.seizure_id) as quantity_litres,
    sum(seizures.quantity_count order by seizures.seizure_id) as quantity_count,
    sum(seizures.equivalent_kg order by seizures.seizure_id) as equivalent_kg,
    any_value(covered.reporting_countries_count) as reporting_countries_count,
    any_value(covered.member_countries_count) as member_countries_count
from {{ ref('fct_seizures') }} as seizures
inner join covered on seizures.reporting_month = covered.month_date
group by seizures.country_code, seizures.reporting_month, seizures.drug_code
order by seizures.country_code, seizures.reporting_month, seizures.drug_code
