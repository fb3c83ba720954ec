{{ config(materialized='table') }}

-- Sheets whose names tell of a person: other states see the place of such a sheet among
-- those of its table. Each name is looked at once, as most files have the same few.
with sheets as (

    select distinct
        submission_id,
        table_name,
        sheet
    from {{ ref('stg_landings') }}
    where row_count > 0

),

telling as (

    select named.sheet
    from (select distinct sheet from sheets) as named
    where {{ personal_data('named.sheet') }} is not null

)

select
    sheets.submission_id,
    sheets.table_name,
    sheets.sheet,
    '[withheld: personal data ' || row_number() over (
        partition by sheets.submission_id, sheets.table_name order by sheets.sheet
    ) || ']' as shown
from sheets
inner join telling on sheets.sheet = telling.sheet
