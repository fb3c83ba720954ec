{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('staff', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'agency': 'agencies',
    'position_class': 'position_classes',
    'staff_female_count': 'integer',
    'staff_male_count': 'integer',
    'vacancies_count': 'integer',
    'departures_count': 'integer',
}, unasked=['month']) }}

select * from typed
