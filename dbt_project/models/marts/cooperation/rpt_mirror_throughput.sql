-- Who leaves at one point enters at the point that faces it.
{%- set sides = {
    'exit': {'told': "crossing_direction_code = 'EXIT'", 'country': 'exit_country_code'},
    'entry': {'told': "crossing_direction_code = 'ENTRY'", 'country': 'entry_country_code'}
} %}
{%- set figures = ['travellers_count', 'vehicles_count', 'wagons_count'] %}

with told as (

    select
        flows.month_date,
        flows.crossing_direction_code,
        {% for name in ['border_point_code', 'country_code'] -%}
        {%- set other = 'counterpart.' ~ name -%}
        if(flows.crossing_direction_code = 'EXIT', points.{{ name }}, {{ other }})
            as exit_{{ name }},
        if(flows.crossing_direction_code = 'EXIT', {{ other }}, points.{{ name }})
            as entry_{{ name }},
        {% endfor -%}
        flows.travellers_count,
        flows.vehicles_count,
        flows.wagons_count
    from {{ ref('fct_throughput') }} as flows
    inner join {{ ref('dim_border_points') }} as points
        on flows.border_point_code = points.border_point_code
    inner join {{ ref('dim_border_points') }} as counterpart
        on points.counterpart_border_point_code = counterpart.border_point_code
    where flows.crossing_direction_code in ('EXIT', 'ENTRY')

),

{{ both_sides(
    'throughput',
    [
        'month_date', 'exit_border_point_code', 'entry_border_point_code',
        'exit_country_code', 'entry_country_code'
    ],
    sides, figures
) }}

select
    month_date,
    exit_border_point_code,
    entry_border_point_code,
    exit_country_code,
    entry_country_code,
    exit_coverage,
    entry_coverage,
    {%- for name in ['travellers', 'vehicles', 'wagons'] %}
    exit_{{ name }}_count as {{ name }}_exited_count,
    entry_{{ name }}_count as {{ name }}_entered_count,
    {{ name }}_exited_count - {{ name }}_entered_count as {{ name }}_difference
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from beside
order by month_date, exit_border_point_code, entry_border_point_code
