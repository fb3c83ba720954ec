{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('prices', {
    'month': 'yearmonth',
    'place': 'string',
    'drug': 'drugs',
    'market_level': 'market_levels',
    'price_unit': 'units',
    'price_minimum': 'number',
    'price_typical': 'number',
    'price_maximum': 'number',
    'currency': 'currencies',
    'purity_pct': 'number',
}) }}

select * from typed
