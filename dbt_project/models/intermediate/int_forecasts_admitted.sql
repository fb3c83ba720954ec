-- Which series can be forecast at all, and why the others cannot.
with spans as (

    select
        country_code,
        drug_code,
        measure_name,
        min(month_date) filter (where observed_value is not null) as first_month_date,
        max(month_date) filter (where observed_value is not null) as last_month_date,
        count(observed_value) as known_months_count,
        count(*) filter (where observed_value > 0) as seized_months_count,
        max(month_date) as region_last_month_date
    from {{ ref('int_seizures_measured') }}
    group by country_code, drug_code, measure_name

),

counted as (

    select
        spans.*,
        1 + date_diff('month', spans.first_month_date, spans.last_month_date)
            as span_months_count,
        count(*) filter (where months.observation_code = 'PARTIAL')
            as partial_months_count,
        count(*) filter (where months.observation_code = 'MISSING')
            as missing_months_count
    from spans
    left join {{ ref('int_seizures_measured') }} as months
        on
            spans.country_code = months.country_code
            and spans.drug_code = months.drug_code
            and spans.measure_name = months.measure_name
            and months.month_date between spans.first_month_date and spans.last_month_date
    group by all

)

select
    country_code,
    drug_code,
    measure_name,
    first_month_date,
    last_month_date,
    span_months_count,
    known_months_count,
    seized_months_count,
    partial_months_count,
    missing_months_count,
    case
        -- All twelve months would lie before the last month that the region has.
        when date_diff('month', last_month_date, region_last_month_date) >= 12
            then 'REPORTS_ENDED'
        -- Two years to learn from, twelve months to compare with, a year of origins.
        when span_months_count < 48 then 'TOO_SHORT'
        when 4 * known_months_count < 3 * span_months_count then 'TOO_MANY_GAPS'
        -- The median month is zero: any model forecasts that, and none can do better.
        when 2 * seized_months_count <= known_months_count then 'MOSTLY_ZERO'
    end as refusal_code
from counted
