{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('persons', {
    'month': 'yearmonth',
    'border_point': 'border_points',
    'offence': 'offences',
    'sex': 'sexes',
    'age_group': 'age_groups',
    'citizenship': 'countries',
    'persons_count': 'integer',
}) }}

select * from typed
