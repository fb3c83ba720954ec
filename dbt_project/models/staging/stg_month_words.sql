{{ config(materialized='table') }}

-- One row: the words for months in the languages of the region, as a map to their numbers.
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

select map_from_entries(list(struct_pack(k := word_key, v := month_number))) as numbers
from keyed
