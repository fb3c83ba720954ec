-- Monthly series without holes: a month without report is not known, a reported month
-- without the drug is zero.
with series as (

    select distinct
        country_code,
        drug_code
    from {{ ref('rpt_seizures_by_month') }}

),

monthly as (

    select
        covered.country_code,
        covered.month_date,
        series.drug_code,
        if(covered.coverage = 'missing', null, coalesce(seized.seizures_count, 0))
            as seizures_count,
        case
            when covered.coverage = 'missing' then null
            when seized.seizures_count is null then 0
            -- A seizure of unknown quantity leaves the weight of the month unknown.
            when seized.known_quantity_count = seized.seizures_count
                then seized.quantity_kg
        end as quantity_kg,
        coalesce(seized.questioned_count, 0) as questioned_count,
        coalesce(seized.questioned_kg, 0) as questioned_kg
    from series
    inner join {{ ref('rpt_coverage_by_month') }} as covered
        on series.country_code = covered.country_code and covered.table_name = 'seizures'
    left join {{ ref('rpt_seizures_by_month') }} as seized
        on
            series.country_code = seized.country_code
            and series.drug_code = seized.drug_code
            and covered.month_date = seized.month_date

)

select
    country_code,
    month_date,
    drug_code,
    'seizures_count' as measure_name,
    cast(seizures_count as double) as observed_value,
    if(seizures_count is null, null, cast(questioned_count as double)) as questioned_value
from monthly
union all
select
    country_code,
    month_date,
    drug_code,
    'quantity_kg' as measure_name,
    quantity_kg as observed_value,
    if(quantity_kg is null, null, questioned_kg) as questioned_value
from monthly
qualify max(quantity_kg) over (partition by country_code, drug_code) > 0
