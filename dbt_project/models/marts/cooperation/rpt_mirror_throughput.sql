{%- set keys = [
    'month_date', 'exit_border_point_code', 'entry_border_point_code', 'exit_country_code',
    'entry_country_code'
] %}
{%- set sides = {
    'exit': {
        'country': 'exit_country_code',
        'figures': [
            'travellers_exited_count', 'vehicles_exited_count', 'wagons_exited_count'
        ]
    },
    'entry': {
        'country': 'entry_country_code',
        'figures': [
            'travellers_entered_count', 'vehicles_entered_count', 'wagons_entered_count'
        ]
    }
} %}

with parts as (

    {{ mirror_throughput_parts() }}

),

{{ both_sides('throughput', keys, sides) }}

select
    month_date,
    exit_border_point_code,
    entry_border_point_code,
    exit_country_code,
    entry_country_code,
    exit_coverage,
    entry_coverage,
    {%- for name in ['travellers', 'vehicles', 'wagons'] %}
    {{ name }}_exited_count,
    {{ name }}_entered_count,
    {{ name }}_exited_count - {{ name }}_entered_count as {{ name }}_difference
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from beside
order by month_date, exit_border_point_code, entry_border_point_code
