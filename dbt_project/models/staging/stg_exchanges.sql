{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('exchanges', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'counterpart_country': 'countries',
    'exchange_direction': 'exchange_directions',
    'exchange_channel': 'exchange_channels',
    'requests_count': 'integer',
    'replies_count': 'integer',
    'reply_days': 'number',
    'tipoffs_count': 'integer',
    'seizures_count': 'integer',
}, unasked=['month']) }}

select * from typed
