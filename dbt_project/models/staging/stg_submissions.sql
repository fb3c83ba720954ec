select
    submission_id,
    sha256,
    country_code,
    reporting_month,
    received_at,
    file_name,
    byte_count,
    file_format,
    encoding,
    delimiter,
    questionnaire_version
from {{ source('raw', 'submissions') }}
