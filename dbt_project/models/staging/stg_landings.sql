select
    submission_id,
    table_name,
    sheet,
    header_row,
    row_count
from {{ source('raw', 'landings') }}
