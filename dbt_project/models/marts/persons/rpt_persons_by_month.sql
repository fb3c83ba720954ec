with parts as (

    {{ persons_by_month_parts() }}

),

{{ counted_persons([
    'country_code', 'month_date', 'offence_code', 'contact_stage_code'
]) }}

select
    counted.country_code,
    counted.month_date,
    counted.offence_code,
    counted.contact_stage_code,
    {{ persons_and_shares() }}
from counted
order by all
