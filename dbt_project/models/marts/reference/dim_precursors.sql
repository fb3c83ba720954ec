select
    cas_number,
    name_en as precursor_name_en,
    name_ru as precursor_name_ru,
    un_table_code,
    hs_code,
    controlled_since,
    drug_code,
    source as precursor_source
from {{ ref('precursors') }}
order by cas_number
