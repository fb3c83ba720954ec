-- Late rows may count in a year before that of the first report.
with months as (

    select reporting_month from {{ ref('int_landings_current') }}
    union
    select reporting_month from {{ ref('fct_seizures') }}
    union
    select reporting_month from {{ ref('fct_activities') }}
    union
    select reporting_month from {{ ref('fct_contraband') }}
    union
    select reporting_month from {{ ref('fct_laboratories') }}

),

span as (

    select
        date_trunc('year', min(reporting_month)) as first_day,
        date_trunc('year', max(reporting_month))
        + interval 1 year
        - interval 1 day as last_day
    from months

)

select
    cast(calendar.date_day as date) as date_day,
    cast(date_trunc('month', calendar.date_day) as date) as month_date,
    cast(date_part('year', calendar.date_day) as integer) as calendar_year,
    cast(date_part('quarter', calendar.date_day) as integer) as quarter_number,
    cast(date_part('month', calendar.date_day) as integer) as month_number,
    cast(date_part('isodow', calendar.date_day) as integer) as iso_weekday_number
from span
cross join
    unnest(generate_series(span.first_day, span.last_day, interval 1 day))
        as calendar (date_day)
order by calendar.date_day
