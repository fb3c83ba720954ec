{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('challenges', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'challenge_category': 'challenge_categories',
    'severity': 'severities',
    'challenge': 'prose',
    'support_requested': 'prose',
}, unasked=['month']) }}

select * from typed
