{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('stories', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'story_title': 'string',
    'story_text': 'string',
    'record_id': 'string',
    'cleared_for_publication': 'yes_no',
}, unasked=['month']) }}

select * from typed
