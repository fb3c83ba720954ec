{#- Parts of the mirrored figures: what each row of fct_activities, fct_exchanges and
    fct_throughput adds to those of its side; null for the other side. -#}

{#- Both names of a pair in the order of the alphabet, so that each pair occurs once. -#}
{% macro mirror_activities_parts() -%}
    select
        row_id,
        submission_id,
        reporting_month as month_date,
        least(country_code, counterpart_country_code) as country_code_a,
        greatest(country_code, counterpart_country_code) as country_code_b,
        activity_type_code
        {%- for side in ['a', 'b'] %}
        {%- for name, amount in [
            ('activities_count', 1), ('seizures_count', 'seizures_count'),
            ('detained_count', 'detained_count'),
            ('participants_female_count', 'participants_female_count'),
            ('participants_male_count', 'participants_male_count')
        ] %},
        if(country_code = country_code_{{ side }}, {{ amount }}, null)
            as {{ name }}_{{ side }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('fct_activities') }}
    where
        counterpart_country_code not in (country_code, 'UNKNOWN')
        and activity_type_code <> 'UNKNOWN'
{%- endmacro %}

{% macro mirror_exchanges_parts() -%}
    select
        row_id,
        submission_id,
        month_date,
        if(exchange_direction_code = 'SENT', country_code, counterpart_country_code)
            as sender_country_code,
        if(exchange_direction_code = 'SENT', counterpart_country_code, country_code)
            as receiver_country_code,
        coalesce(exchange_channel_code, 'NOT_ANSWERED') as exchange_channel_code
        {%- for direction, figures in {
            'SENT': {
                'sender_rows_count': 1, 'requests_sent_count': 'requests_count',
                'replies_got_count': 'replies_count', 'tipoffs_sent_count': 'tipoffs_count',
                'sender_seizures_count': 'seizures_count'
            },
            'RECEIVED': {
                'receiver_rows_count': 1, 'requests_received_count': 'requests_count',
                'replies_given_count': 'replies_count',
                'tipoffs_received_count': 'tipoffs_count',
                'receiver_seizures_count': 'seizures_count'
            }
        }.items() %}
        {%- for name, amount in figures.items() %},
        if(exchange_direction_code = '{{ direction }}', {{ amount }}, null) as {{ name }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('fct_exchanges') }}
    where
        counterpart_country_code not in (country_code, 'UNKNOWN')
        and exchange_direction_code in ('SENT', 'RECEIVED')
{%- endmacro %}

{#- Who leaves at one point enters at the point that faces it. -#}
{% macro mirror_throughput_parts() -%}
    select
        flows.row_id,
        flows.submission_id,
        flows.month_date
        {%- for name in ['border_point_code', 'country_code'] %}
        {%- set other = 'counterpart.' ~ name %},
        if(flows.crossing_direction_code = 'EXIT', points.{{ name }}, {{ other }})
            as exit_{{ name }},
        if(flows.crossing_direction_code = 'EXIT', {{ other }}, points.{{ name }})
            as entry_{{ name }}
        {%- endfor %}
        {%- for name in ['travellers', 'vehicles', 'wagons'] %}
        {%- for direction, side in [('EXIT', 'exited'), ('ENTRY', 'entered')] %},
        if(flows.crossing_direction_code = '{{ direction }}', flows.{{ name }}_count, null)
            as {{ name }}_{{ side }}_count
        {%- endfor %}
        {%- endfor %}
    from {{ ref('fct_throughput') }} as flows
    inner join {{ ref('dim_border_points') }} as points
        on flows.border_point_code = points.border_point_code
    inner join {{ ref('dim_border_points') }} as counterpart
        on points.counterpart_border_point_code = counterpart.border_point_code
    where flows.crossing_direction_code in ('EXIT', 'ENTRY')
{%- endmacro %}
