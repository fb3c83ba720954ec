{{ config(materialized='table') }}

-- What matching compares of a seizure: its amount, with the last digit that was written;
-- the provinces and crossing points that its codes and the words of its place name.
with numbered as (

    select
        *,
        -- An order that does not hang on the hour of receipt.
        row_number() over (
            order by seizure_date, country_code, reporting_month, sheet, source_row
        ) as seizure_number,
        case
            when quantity_kg is not null then 'kg'
            when quantity_litres is not null then 'litres'
            when quantity_count is not null then 'count'
        end as measure,
        coalesce(quantity_kg, quantity_litres, quantity_count) as amount,
        -- 0.11660999999999999 was 0.11661 before a spreadsheet computed with it.
        cast(
            round(quantity, cast(11 - floor(log10(quantity)) as integer)) as varchar
        ) as written,
        {{ spelling_key('place') }} as place_key
    from {{ ref('fct_seizures') }}
    where seizure_date is not null and quantity > 0

),

{{ located_seizures('numbered') }},

measured as (

    select
        numbered.*,
        list_filter(located.border_point_codes, code -> code is not null)
            as border_point_codes,
        list_filter(located.counterpart_codes, code -> code is not null)
            as counterpart_codes,
        list_filter(located.neighbour_country_codes, code -> code is not null)
            as neighbour_country_codes,
        list_filter(located.subdivision_codes, code -> code is not null)
            as subdivision_codes,
        list_filter(located.ground_country_codes, code -> code is not null)
            as ground_country_codes,
        -- What one in the last written place is worth, in the unit of the amount.
        numbered.amount / numbered.quantity
        * pow(10, -length(regexp_extract(numbered.written, '\.(\d*[1-9])', 1)))
            as last_digit,
        length(
            trim(replace(regexp_replace(numbered.written, '\.0$', ''), '.', ''), '0')
        ) as digits_count
    from numbered
    left join located on numbered.seizure_id = located.seizure_id
    where numbered.amount is not null

)

select
    seizure_id,
    seizure_number,
    submission_id,
    country_code,
    drug_code,
    seizure_date,
    measure,
    amount,
    -- Equal up to a part in ten million: 300 g and 0.3 kg may differ in the last bit. An
    -- amount of 1e-323 g is none of a kilogram: it has no key and no pair.
    cast(round(1e7 * ln(nullif(amount, 0))) as bigint) as amount_key,
    last_digit,
    digits_count,
    unit_code,
    record_id,
    place_key,
    subdivision_codes,
    border_point_codes,
    counterpart_codes,
    neighbour_country_codes,
    nullif(departure_country_code, 'UNKNOWN') as departure_country_code,
    nullif(destination_country_code, 'UNKNOWN') as destination_country_code,
    -- Rows of one submission that agree in all of this repeat each other.
    {{ distinct_seizures() }}
from measured
