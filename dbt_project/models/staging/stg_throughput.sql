{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('throughput', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'crossing_direction': 'crossing_directions',
    'travellers_count': 'integer',
    'vehicles_count': 'integer',
    'wagons_count': 'integer',
    'inspections_count': 'integer',
}, unasked=['month']) }}

select * from typed
