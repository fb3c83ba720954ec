select
    code as border_point_code,
    name_en as border_point_name_en,
    name_ru as border_point_name_ru,
    country_code,
    neighbour_country_code,
    counterpart_code as counterpart_border_point_code,
    counterpart_name_en,
    counterpart_name_ru,
    counterpart_sureness,
    mode as transport_mode,
    subdivision_code,
    has_blo,
    blo_since,
    blo_from_date,
    blo_seen_date,
    latitude,
    longitude,
    precision_m,
    coordinate_sureness,
    coordinate_basis
from {{ ref('border_points') }}
order by border_point_code
