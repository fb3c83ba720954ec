-- Whether a Border Liaison Office worked at a crossing point in a month with a seizure:
-- by what its country has last said of each office, else by public sources with a day.
-- Null is not known: nothing says so of that month.
-- A register speaks for crossings that it leaves out if each of its offices names one.
with registers as (

    select
        country_code,
        min(month_date) as first_month
    from {{ ref('fct_blo_register_entries') }}
    group by country_code
    having count(*) = count(border_point_code)

),

seized as (

    select distinct
        border_point_code,
        reporting_month as month_date
    from {{ ref('fct_seizures') }}
    where border_point_code is not null

),

points as (

    select
        border_point_code,
        country_code,
        blo_from_date,
        blo_seen_date
    from {{ ref('dim_border_points') }}

),

registered as (

    select
        seized.border_point_code,
        seized.month_date,
        bool_or(seized.month_date between offices.first_month and offices.last_month)
            as is_named,
        -- Of each office it must be known that it had not opened yet or had closed.
        bool_and(
            coalesce(
                seized.month_date < offices.opened_month
                or seized.month_date > offices.last_month, false
            )
        ) as is_ruled_out
    from seized
    inner join {{ ref('int_offices_registered') }} as offices
        on seized.border_point_code = offices.border_point_code
    group by all

)

select
    seized.border_point_code,
    seized.month_date,
    case
        when registered.is_named then true
        when registered.is_ruled_out then false
        when registered.border_point_code is null and registers.country_code is not null
            then false
        when seized.month_date >= date_trunc('month', points.blo_seen_date) then true
        when seized.month_date < date_trunc('month', points.blo_from_date) then false
    end as has_blo,
    case
        when registered.is_named or registered.is_ruled_out then 'REGISTER'
        when registered.border_point_code is null and registers.country_code is not null
            then 'REGISTER'
        when has_blo is not null then 'CODELIST'
    end as blo_basis_code
from seized
left join points
    on seized.border_point_code = points.border_point_code
left join registered
    on
        seized.border_point_code = registered.border_point_code
        and seized.month_date = registered.month_date
left join registers
    on
        points.country_code = registers.country_code
        and seized.month_date >= registers.first_month
