{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('stories', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'story_title': 'prose',
    'story_text': 'prose',
    'record_id': 'reference',
    'cleared_for_publication': 'yes_no',
}, unasked=['month']) }}

select * from typed
