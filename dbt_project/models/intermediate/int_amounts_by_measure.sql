-- What was seized of each drug in like units: the number of seizures, kilograms, litres,
-- and each counted unit apart. Of how many seizures the amount is in none of them, or is
-- questioned, stands beside their number. A month that tells a drug in tablets alone has
-- no known mass of it, and one that tells a liquid in kilograms alone no known volume.
with months as (

    select * from {{ ref('rpt_seizures_by_month') }}
    where seizures_count > 0

),

others as (

    select
        country_code,
        reporting_month as month_date,
        drug_code,
        counted_unit_code as measure_code,
        count(*) filter (where quantity_count is null) as unknown_count,
        sum(quantity_count order by seizure_id) as reported_value,
        sum(if(is_presumed_duplicate, 0, quantity_count) order by seizure_id)
            as counted_value
    from {{ ref('fct_seizures') }}
    where quantity_kg is null and quantity_litres is null
    group by all

)

select
    months.country_code,
    months.month_date,
    months.drug_code,
    'SEIZURES' as measure_code,
    cast(months.seizures_count as double) as reported_value,
    cast(months.seizures_count - months.presumed_duplicate_count as double)
        as counted_value,
    coalesce(others.unknown_count, 0) as unknown_count,
    months.questioned_count
from months
left join others
    on
        months.country_code = others.country_code
        and months.month_date = others.month_date
        and months.drug_code = others.drug_code
        and others.measure_code is null
{% for measure, column in {'KG': 'quantity_kg', 'L': 'quantity_litres'}.items() -%}
union all
select
    country_code,
    month_date,
    drug_code,
    '{{ measure }}' as measure_code,
    {{ column }} as reported_value,
    {{ column }}_without_duplicates as counted_value,
    if({{ column }} is null, seizures_count, 0) as unknown_count,
    0 as questioned_count
from months
where
    '{{ measure }}' = 'KG'
    or drug_code in (
        select liquids.drug_code
        from months as liquids
        where liquids.quantity_litres is not null
    )
{% endfor -%}
union all
select
    country_code,
    month_date,
    drug_code,
    measure_code,
    reported_value,
    counted_value,
    0 as unknown_count,
    0 as questioned_count
from others
where measure_code is not null
