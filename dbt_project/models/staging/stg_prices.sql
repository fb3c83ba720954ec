{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('prices', {
    'month': 'yearmonth',
    'admin_division': 'subdivisions',
    'place': 'prose',
    'drug': 'drugs',
    'market_level': 'market_levels',
    'price_unit': 'units',
    'price_minimum': 'number',
    'price_typical': 'number',
    'price_maximum': 'number',
    'currency': 'currencies',
    'observations_count': 'integer',
    'purity_pct': 'number',
}, unasked=['month']) }}

select * from typed
