{{ accepted_rows('prices') }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.admin_division_code as subdivision_code,
    accepted.place,
    accepted.drug_code,
    accepted.market_level_code,
    accepted.price_unit_code,
    accepted.currency_code,
    accepted.price_minimum,
    accepted.price_typical,
    accepted.price_maximum,
    cast(accepted.observations_count as bigint) as observations_count,
    accepted.purity_pct,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    accepted.submission_id,
    accepted.sheet,
    accepted.source_row
from accepted
order by accepted.row_id
