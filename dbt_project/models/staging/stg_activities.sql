{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('activities', {
    'activity_date': 'date',
    'border_point': 'border_points',
    'activity_type': 'activity_types',
    'counterpart_country': 'countries',
    'participants_female_count': 'integer',
    'participants_male_count': 'integer',
    'result': 'string',
    'success_story': 'string',
    'challenge': 'string',
}) }}

select * from typed
