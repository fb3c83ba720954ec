{%- set codelists = [
    'activity_types', 'age_groups', 'agencies', 'blo_bases', 'border_points',
    'challenge_categories', 'change_terms', 'comparison_bases', 'comparisons',
    'contact_stages', 'contraband_categories', 'countries', 'coverages', 'crops',
    'crossing_directions', 'crossing_modes', 'currencies', 'detection_methods',
    'drug_groups', 'drugs', 'equipment_items', 'event_bases', 'exchange_channels',
    'exchange_directions', 'forecast_outcomes', 'hiding_places', 'installations',
    'laboratory_scales', 'market_levels', 'missing_values', 'national_total_editions',
    'observations', 'offences', 'place_bases', 'position_classes', 'precursor_tables',
    'price_gaps', 'price_steps', 'replies', 'routings', 'severities', 'sexes',
    'signals', 'source_classes', 'subdivisions', 'surenesses', 'transport_modes',
    'units', 'unodc_classes', 'weight_classes', 'yes_no'
] -%}
with codes as (

    {% for codelist in codelists -%}
    select
        '{{ codelist }}' as codelist_name,
        code,
        name_en,
        name_ru
    from {{ ref(codelist) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Every question may be answered with what means unknown, and reports say NOT_ANSWERED
-- of one that is not: both have labels in every codelist. A place that was told and names
-- no province is no missing answer.
unanswered as (

    select
        code,
        name_en,
        name_ru
    from {{ ref('missing_values') }}
    where code = 'UNKNOWN'
    union all
    select
        'NOT_ANSWERED' as code,
        'Not answered' as name_en,
        'Нет ответа' as name_ru

),

labelled as (

    select
        codes.codelist_name,
        unanswered.code,
        unanswered.name_en,
        unanswered.name_ru
    from (select distinct codelist_name from codes) as codes
    cross join unanswered
    where (codes.codelist_name, unanswered.code) not in (
        select
            known.codelist_name,
            known.code
        from codes as known
    )
    union all
    select
        'subdivisions' as codelist_name,
        'PLACE_NOT_RESOLVED' as code,
        'Place not resolved' as name_en,
        'Регион по месту не определён' as name_ru
    union all
    select
        codelist_name,
        code,
        name_en,
        name_ru
    from codes

)

select
    codelist_name,
    code,
    name_en,
    name_ru
from labelled
order by codelist_name, code
