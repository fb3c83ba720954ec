with told as (

    select
        month_date,
        exchange_direction_code,
        country_code,
        case exchange_direction_code
            when 'SENT' then country_code
            else counterpart_country_code
        end as sender_country_code,
        case exchange_direction_code
            when 'SENT' then counterpart_country_code
            else country_code
        end as receiver_country_code,
        coalesce(exchange_channel_code, 'NOT_ANSWERED') as exchange_channel_code,
        sum(requests_count) as requests_count,
        sum(replies_count) as replies_count,
        sum(tipoffs_count) as tipoffs_count,
        sum(seizures_count) as seizures_count
    from {{ ref('fct_exchanges') }}
    where
        counterpart_country_code <> country_code
        and exchange_direction_code in ('SENT', 'RECEIVED')
    group by all

),

covered as (

    select
        country_code,
        month_date,
        coverage
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'exchanges'

),

flows as (

    select distinct
        month_date,
        sender_country_code,
        receiver_country_code,
        exchange_channel_code
    from told

),

beside as (

    select
        flows.*,
        coalesce(covered_sender.coverage, 'missing') as sender_coverage,
        coalesce(covered_receiver.coverage, 'missing') as receiver_coverage,
        -- A side that has reported its exchanges and not this one says none.
        if(sent.month_date is null and sender_coverage <> 'missing', 0, null)
            as sent_nought,
        if(received.month_date is null and receiver_coverage <> 'missing', 0, null)
            as received_nought,
        coalesce(sent.requests_count, sent_nought) as requests_sent_count,
        coalesce(received.requests_count, received_nought) as requests_received_count,
        coalesce(sent.replies_count, sent_nought) as replies_got_count,
        coalesce(received.replies_count, received_nought) as replies_given_count,
        coalesce(sent.tipoffs_count, sent_nought) as tipoffs_sent_count,
        coalesce(received.tipoffs_count, received_nought) as tipoffs_received_count,
        coalesce(sent.seizures_count, sent_nought) as sender_seizures_count,
        coalesce(received.seizures_count, received_nought) as receiver_seizures_count
    from flows
    left join told as sent
        on
            flows.month_date = sent.month_date
            and flows.sender_country_code = sent.sender_country_code
            and flows.receiver_country_code = sent.receiver_country_code
            and flows.exchange_channel_code = sent.exchange_channel_code
            and sent.exchange_direction_code = 'SENT'
    left join told as received
        on
            flows.month_date = received.month_date
            and flows.sender_country_code = received.sender_country_code
            and flows.receiver_country_code = received.receiver_country_code
            and flows.exchange_channel_code = received.exchange_channel_code
            and received.exchange_direction_code = 'RECEIVED'
    left join covered as covered_sender
        on
            flows.month_date = covered_sender.month_date
            and flows.sender_country_code = covered_sender.country_code
    left join covered as covered_receiver
        on
            flows.month_date = covered_receiver.month_date
            and flows.receiver_country_code = covered_receiver.country_code

)

select
    month_date,
    sender_country_code,
    receiver_country_code,
    exchange_channel_code,
    sender_coverage,
    receiver_coverage,
    cast(requests_sent_count as bigint) as requests_sent_count,
    cast(requests_received_count as bigint) as requests_received_count,
    cast(requests_sent_count - requests_received_count as bigint) as requests_difference,
    cast(replies_got_count as bigint) as replies_got_count,
    cast(replies_given_count as bigint) as replies_given_count,
    cast(replies_got_count - replies_given_count as bigint) as replies_difference,
    cast(tipoffs_sent_count as bigint) as tipoffs_sent_count,
    cast(tipoffs_received_count as bigint) as tipoffs_received_count,
    cast(tipoffs_sent_count - tipoffs_received_count as bigint) as tipoffs_difference,
    cast(sender_seizures_count as bigint) as sender_seizures_count,
    cast(receiver_seizures_count as bigint) as receiver_seizures_count
from beside
order by month_date, sender_country_code, receiver_country_code, exchange_channel_code
