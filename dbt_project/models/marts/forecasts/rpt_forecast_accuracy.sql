select
    admitted.country_code,
    admitted.drug_code,
    admitted.measure_name,
    coalesce(
        admitted.refusal_code,
        case
            -- A little less is chance: so close comes the model of a series of which
            -- nothing can be known beyond its last value.
            when
                coalesce(
                    backtests.forecast_mae
                    >= 0.95
                    * least(backtests.seasonal_naive_mae, backtests.naive_mae), true
                )
                then 'NOT_BETTER'
            when backtests.held_80_pct < 60 or backtests.held_95_pct < 80
                then 'BANDS_TOO_NARROW'
            else 'FORECAST'
        end
    ) as outcome_code,
    admitted.span_months_count,
    admitted.known_months_count,
    admitted.seized_months_count,
    admitted.partial_months_count,
    admitted.missing_months_count,
    backtests.errors_count,
    backtests.forecast_mae,
    backtests.seasonal_naive_mae,
    backtests.naive_mae,
    backtests.forecast_mase,
    backtests.held_80_pct as narrow_held_pct,
    backtests.held_95_pct as wide_held_pct,
    admitted.first_month_date,
    admitted.last_month_date
from {{ ref('int_forecasts_admitted') }} as admitted
left join {{ source('forecasts', 'series') }} as series
    on
        admitted.country_code = series.country_code
        and admitted.drug_code = series.drug_code
        and admitted.measure_name = series.measure_name
left join {{ source('forecasts', 'backtests') }} as backtests
    on series.series_sha256 = backtests.series_sha256
order by admitted.country_code, admitted.drug_code, admitted.measure_name
