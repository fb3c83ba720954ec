{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('equipment', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'equipment_item': 'equipment_items',
    'equipment_count': 'integer',
    'working_count': 'integer',
    'donor': 'prose',
    'value_amount': 'number',
    'currency': 'currencies',
}, unasked=['month']) }}

select * from typed
