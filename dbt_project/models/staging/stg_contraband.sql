{{ config(materialized='incremental', incremental_strategy='append') }}

{{ typed_rows('contraband', {
    'seizure_date': 'date',
    'border_point': 'border_points',
    'contraband_category': 'contraband_categories',
    'goods': 'prose',
    'goods_quantity': 'number',
    'goods_unit': 'units',
    'value_amount': 'number',
    'currency': 'currencies',
}) }}

select * from typed
