{{ config(materialized='table') }}

-- One row: the words for months in the languages of the region, a map to their numbers.
-- They have an order, so that the same codelists have the same digest elsewhere.
with words as (

    select
        unnest([name_en, name_ru]) as word,
        code
    from {{ ref('months') }}
    union
    select
        spelling as word,
        code
    from {{ ref('months_spellings') }}

),

keyed as (

    select distinct
        {{ spelling_key('word') }} as word_key,
        cast(code as integer) as month_number
    from words

)

select
    map_from_entries(
        list(
            struct_pack(k := word_key, v := month_number)
            order by word_key, month_number
        )
    ) as numbers
from keyed
