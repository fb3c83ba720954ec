{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('persons', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'offence': 'offences',
    'contact_stage': 'contact_stages',
    'sex': 'sexes',
    'age_group': 'age_groups',
    'citizenship': 'countries',
    'main_drug': 'drugs',
    'persons_count': 'integer',
}, unasked=['month', 'main_drug']) }}

select * from typed
