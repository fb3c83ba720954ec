{{ config(materialized='table') }}
-- Monthly series without holes: what is known of each month, and how (seed observations).
-- A month without report is not known, nor is one of which rows were held back: those of
-- the drug of a series, or of one that could not be read. A reported month without
-- the drug is zero. A seizure of unknown quantity leaves the weight of the month unknown.
{%- set measures = {
    'seizures_count': {
        'reported': 'seized.seizures_count',
        'counted': 'seized.seizures_count - seized.presumed_duplicate_count',
        'questioned': 'seized.questioned_count_without_duplicates'
    },
    'quantity_kg': {
        'reported': 'seized.quantity_kg',
        'counted': 'if(seized.known_quantity_count = seized.seizures_count, '
        ~ 'seized.quantity_kg_without_duplicates, null)',
        'questioned': 'seized.questioned_kg_without_duplicates'
    }
} %}
with months as (

    select * from {{ ref('rpt_seizures_by_month') }}
    where seizures_count > 0

),

series as (

    select distinct
        country_code,
        drug_code
    from months

),

monthly as (

    {% for name, columns in measures.items() -%}
    select
        covered.country_code,
        covered.month_date,
        series.drug_code,
        '{{ name }}' as measure_name,
        covered.coverage = 'missing' as is_missing,
        seized.country_code is null as is_zero,
        coalesce(of_drug.held_back_count, 0) + coalesce(of_any.held_back_count, 0)
            as held_back_count,
        cast({{ columns.reported }} as double) as reported,
        cast({{ columns.counted }} as double) as counted,
        cast({{ columns.questioned }} as double) as questioned
    from series
    inner join {{ ref('rpt_coverage_by_month') }} as covered
        on
            series.country_code = covered.country_code
            and covered.table_name = 'seizures'
    left join months as seized
        on
            series.country_code = seized.country_code
            and series.drug_code = seized.drug_code
            and covered.month_date = seized.month_date
    {% for held, drug in {'of_drug': '= series.drug_code', 'of_any': 'is null'}.items() %}
    left join {{ ref('int_seizures_held_back') }} as {{ held }}
        on
            series.country_code = {{ held }}.country_code
            and covered.month_date = {{ held }}.month_date
            and {{ held }}.drug_code {{ drug }}
    {% endfor -%}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    country_code,
    month_date,
    drug_code,
    measure_name,
    case
        when is_missing then 'MISSING'
        when held_back_count > 0 then 'PARTIAL'
        when is_zero then 'ZERO'
        when counted is null then 'NO_QUANTITY'
        else 'COUNTED'
    end as observation_code,
    case observation_code when 'ZERO' then 0 when 'COUNTED' then counted end
        as observed_value,
    if(observation_code = 'ZERO', 0, reported) as reported_value,
    if(observed_value is null, null, coalesce(questioned, 0)) as questioned_value,
    held_back_count
from monthly
qualify max(reported_value) over (partition by country_code, drug_code, measure_name) > 0
