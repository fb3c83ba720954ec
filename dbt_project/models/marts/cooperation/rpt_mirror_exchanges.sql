{%- set sides = {
    'sender': {'told': "exchange_direction_code = 'SENT'", 'country': 'sender_country_code'},
    'receiver': {
        'told': "exchange_direction_code = 'RECEIVED'", 'country': 'receiver_country_code'
    }
} %}
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

{{ both_sides(
    'exchanges',
    ['month_date', 'sender_country_code', 'receiver_country_code', 'exchange_channel_code'],
    sides, figures
) }}

select
    month_date,
    sender_country_code,
    receiver_country_code,
    exchange_channel_code,
    sender_coverage,
    receiver_coverage,
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
order by month_date, sender_country_code, receiver_country_code, exchange_channel_code
