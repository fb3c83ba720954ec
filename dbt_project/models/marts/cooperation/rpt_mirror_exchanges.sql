{%- set keys = [
    'month_date', 'sender_country_code', 'receiver_country_code', 'exchange_channel_code'
] %}
{%- set sent = [
    'requests_sent_count', 'replies_got_count', 'tipoffs_sent_count', 'sender_seizures_count'
] %}
{%- set received = [
    'requests_received_count', 'replies_given_count', 'tipoffs_received_count',
    'receiver_seizures_count'
] %}
{%- set sides = {
    'sender': {
        'country': 'sender_country_code', 'rows': 'sender_rows_count',
        'zero_if_silent': sent, 'figures': ['sender_rows_count'] + sent
    },
    'receiver': {
        'country': 'receiver_country_code', 'rows': 'receiver_rows_count',
        'zero_if_silent': received, 'figures': ['receiver_rows_count'] + received
    }
} %}

with parts as (

    {{ mirror_exchanges_parts() }}

),

{{ both_sides('exchanges', keys, sides) }}

select
    month_date,
    sender_country_code,
    receiver_country_code,
    exchange_channel_code,
    sender_coverage,
    receiver_coverage,
    requests_sent_count,
    requests_received_count,
    requests_sent_count - requests_received_count as requests_difference,
    replies_got_count,
    replies_given_count,
    replies_got_count - replies_given_count as replies_difference,
    tipoffs_sent_count,
    tipoffs_received_count,
    tipoffs_sent_count - tipoffs_received_count as tipoffs_difference,
    sender_seizures_count,
    receiver_seizures_count
from beside
order by month_date, sender_country_code, receiver_country_code, exchange_channel_code
