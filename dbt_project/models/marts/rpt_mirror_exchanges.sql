{%- set sides = {'sender': 'SENT', 'receiver': 'RECEIVED'} %}
{%- set figures = [
    'requests_count', 'replies_count', 'tipoffs_count', 'seizures_count'
] %}

with told as (

    select
        month_date,
        exchange_direction_code,
        if(exchange_direction_code = 'SENT', country_code, counterpart_country_code)
            as sender_country_code,
        if(exchange_direction_code = 'SENT', counterpart_country_code, country_code)
            as receiver_country_code,
        coalesce(exchange_channel_code, 'NOT_ANSWERED') as exchange_channel_code,
        {{ figures | join(',\n        ') }}
    from {{ ref('fct_exchanges') }}
    where
        counterpart_country_code <> country_code
        and exchange_direction_code in ('SENT', 'RECEIVED')

),

beside as (

    select
        month_date,
        sender_country_code,
        receiver_country_code,
        exchange_channel_code,
        {%- for side, direction in sides.items() %}
        {%- for figure in figures %}
        cast(
            sum({{ figure }}) filter (exchange_direction_code = '{{ direction }}')
            as bigint
        ) as {{ side }}_{{ figure }},
        {%- endfor %}
        bool_or(exchange_direction_code = '{{ direction }}') as is_told_by_{{ side }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from told
    group by all

),

covered as (

    select
        country_code,
        month_date,
        coverage
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'exchanges' and coverage <> 'missing'

)

select
    beside.month_date,
    beside.sender_country_code,
    beside.receiver_country_code,
    beside.exchange_channel_code,
    coalesce(senders.coverage, 'missing') as sender_coverage,
    coalesce(receivers.coverage, 'missing') as receiver_coverage,
    {{ told_by('sender', 'requests_count') }} as requests_sent_count,
    {{ told_by('receiver', 'requests_count') }} as requests_received_count,
    requests_sent_count - requests_received_count as requests_difference,
    {{ told_by('sender', 'replies_count') }} as replies_got_count,
    {{ told_by('receiver', 'replies_count') }} as replies_given_count,
    replies_got_count - replies_given_count as replies_difference,
    {{ told_by('sender', 'tipoffs_count') }} as tipoffs_sent_count,
    {{ told_by('receiver', 'tipoffs_count') }} as tipoffs_received_count,
    tipoffs_sent_count - tipoffs_received_count as tipoffs_difference,
    {{ told_by('sender', 'seizures_count') }} as sender_seizures_count,
    {{ told_by('receiver', 'seizures_count') }} as receiver_seizures_count
from beside
left join covered as senders
    on
        beside.month_date = senders.month_date
        and beside.sender_country_code = senders.country_code
left join covered as receivers
    on
        beside.month_date = receivers.month_date
        and beside.receiver_country_code = receivers.country_code
order by
    beside.month_date, beside.sender_country_code, beside.receiver_country_code,
    beside.exchange_channel_code
