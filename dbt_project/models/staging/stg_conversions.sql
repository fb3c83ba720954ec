{{ config(materialized='table') }}

select
    conversions.conversion_id,
    conversions.unit_code,
    drugs.code as drug_code,
    conversions.measure,
    conversions.factor,
    conversions.valid_from,
    coalesce(conversions.valid_to, date '9999-12-31') as valid_to
from {{ ref('quantity_conversions') }} as conversions
inner join {{ ref('drugs') }} as drugs
    on coalesce(conversions.drug_code, drugs.code) = drugs.code
-- A factor for the drug itself goes before the general one of its unit.
qualify
    conversions.drug_code is not null
    or count(conversions.drug_code) over (
        partition by conversions.unit_code, drugs.code, conversions.measure
    ) = 0
