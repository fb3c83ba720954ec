with covered as (

    select
        month_date,
        count(*) as member_countries_count,
        count(*) filter (where coverage <> 'missing') as reporting_countries_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'
    group by month_date

),

presumed as (

    select distinct duplicate_seizure_id as seizure_id
    from {{ ref('fct_seizure_matches') }}
    where is_presumed_duplicate

),

counted as (

    select
        seizures.*,
        presumed.seizure_id is not null as is_duplicate,
        -- Told elsewhere: a known nought here. What is not known stays unknown.
        if(presumed.seizure_id is null, 1, 0) as told_once
    from {{ ref('fct_seizures') }} as seizures
    left join presumed on seizures.seizure_id = presumed.seizure_id

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
    count(*) filter (where seizures.is_duplicate) as presumed_duplicate_count,
    sum(seizures.quantity_kg * seizures.told_once order by seizures.seizure_id)
        as quantity_kg_without_duplicates,
    sum(seizures.quantity_litres * seizures.told_once order by seizures.seizure_id)
        as quantity_litres_without_duplicates,
    sum(seizures.quantity_count * seizures.told_once order by seizures.seizure_id)
        as quantity_count_without_duplicates,
    sum(seizures.equivalent_kg * seizures.told_once order by seizures.seizure_id)
        as equivalent_kg_without_duplicates,
    any_value(covered.reporting_countries_count) as reporting_countries_count,
    any_value(covered.member_countries_count) as member_countries_count
from counted as seizures
inner join covered on seizures.reporting_month = covered.month_date
group by seizures.country_code, seizures.reporting_month, seizures.drug_code
order by seizures.country_code, seizures.reporting_month, seizures.drug_code
