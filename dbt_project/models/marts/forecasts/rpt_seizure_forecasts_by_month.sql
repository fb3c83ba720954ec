select
    accuracy.country_code,
    cast(
        accuracy.last_month_date + to_months(cast(points.horizon_months_count as integer))
        as date
    ) as forecast_month_date,
    accuracy.drug_code,
    accuracy.measure_name,
    points.horizon_months_count,
    points.lower_95_value as lower_wide_value,
    points.lower_80_value as lower_narrow_value,
    points.forecast_value,
    points.upper_80_value as upper_narrow_value,
    points.upper_95_value as upper_wide_value,
    accuracy.narrow_held_pct,
    accuracy.wide_held_pct
from {{ ref('rpt_forecast_accuracy') }} as accuracy
inner join {{ source('forecasts', 'series') }} as series
    on
        accuracy.country_code = series.country_code
        and accuracy.drug_code = series.drug_code
        and accuracy.measure_name = series.measure_name
inner join {{ source('forecasts', 'points') }} as points
    on series.series_sha256 = points.series_sha256
where accuracy.outcome_code = 'FORECAST'
order by
    accuracy.country_code,
    forecast_month_date,
    accuracy.drug_code,
    accuracy.measure_name
