{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('blo_register', {
    'month': 'yearmonth',
    'blo_name': 'prose',
    'border_point': 'border_points',
    'counterpart_country': 'countries',
    'crossing_mode': 'crossing_modes',
    'opened_date': 'date',
    'closed_date': 'date',
    'latitude': 'number',
    'longitude': 'number',
}, unasked=['month']) }}

select * from typed
