{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('laboratories', {
    'laboratory_date': 'date',
    'admin_division': 'subdivisions',
    'place': 'prose',
    'laboratory_scale': 'laboratory_scales',
    'main_drug': 'drugs',
    'detained_count': 'integer',
    'notes': 'prose',
}) }}

select * from typed
