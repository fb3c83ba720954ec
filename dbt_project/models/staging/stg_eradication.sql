{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('eradication', {
    'month': 'yearmonth',
    'admin_division': 'subdivisions',
    'crop': 'crops',
    'eradicated_hectares': 'number',
    'eradicated_plants_count': 'integer',
    'eradicated_sites_count': 'integer',
}, unasked=['month']) }}

select * from typed
