{%- set codelists = [
    'activity_types', 'age_groups', 'agencies', 'border_points', 'challenge_categories',
    'contact_stages', 'contraband_categories', 'countries', 'crossing_directions',
    'crossing_modes', 'currencies', 'detection_methods', 'drug_groups', 'drugs',
    'equipment_items', 'exchange_channels', 'exchange_directions', 'hiding_places',
    'installations', 'market_levels', 'missing_values', 'offences', 'position_classes',
    'replies', 'routings', 'severities', 'sexes', 'source_classes', 'subdivisions',
    'transport_modes', 'units', 'weight_classes', 'yes_no'
] -%}
with codes as (

    {% for codelist in codelists -%}
    select
        '{{ codelist }}' as codelist_name,
        code,
        name_en,
        name_ru
    from {{ ref(codelist) }}
    union all
    select
        '{{ codelist }}' as codelist_name,
        'NOT_ANSWERED' as code,
        'Not answered' as name_en,
        'Нет ответа' as name_ru
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    codelist_name,
    code,
    name_en,
    name_ru
from codes
order by codelist_name, code
