select
    code as country_code,
    name_en as country_name_en,
    name_ru as country_name_ru,
    iso_alpha2_code,
    m49_code,
    is_member,
    is_landlocked
from {{ ref('countries') }}
order by country_code
