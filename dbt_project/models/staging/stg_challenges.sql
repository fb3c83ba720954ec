{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('challenges', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'challenge_category': 'challenge_categories',
    'severity': 'severities',
    'challenge': 'string',
    'support_requested': 'string',
}, unasked=['month']) }}

select * from typed
