{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('activities', {
    'activity_date': 'date',
    'activity_end_date': 'date',
    'border_point': 'border_points',
    'activity_type': 'activity_types',
    'activity_name': 'prose',
    'counterpart_country': 'countries',
    'participants_female_count': 'integer',
    'participants_male_count': 'integer',
    'seizures_count': 'integer',
    'detained_count': 'integer',
    'result': 'prose',
}) }}

select * from typed
