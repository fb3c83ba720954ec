-- Whether a Border Liaison Office worked at a crossing point in a month with a seizure:
-- by what its country has last said of each office, else by public sources.
with offices as (

    select
        border_point_code,
        -- Of an office without a day of opening it is known from the month that names it.
        date_trunc(
            'month',
            coalesce(
                opened_date,
                min(month_date) over (partition by border_point_code, lower(blo_name))
            )
        ) as first_month,
        date_trunc('month', coalesce(closed_date, date '9999-12-31')) as last_month
    from {{ ref('fct_blo_register_entries') }}
    where border_point_code is not null
    qualify row_number() over (
        partition by border_point_code, lower(blo_name)
        order by month_date desc, row_id desc
    ) = 1

),

-- A register speaks for crossings that it leaves out if each of its offices names one.
registers as (

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

)

select
    seized.border_point_code,
    seized.month_date,
    case
        when count(offices.border_point_code) > 0
            then bool_or(
                seized.month_date between offices.first_month and offices.last_month
            )
        when any_value(registers.first_month) is not null then false
        else any_value(points.has_blo)
    end as has_blo,
    case
        when
            count(offices.border_point_code) > 0
            or any_value(registers.first_month) is not null
            then 'REGISTER'
        else 'CODELIST'
    end as blo_basis_code
from seized
left join {{ ref('dim_border_points') }} as points
    on seized.border_point_code = points.border_point_code
left join offices on seized.border_point_code = offices.border_point_code
left join registers
    on
        points.country_code = registers.country_code
        and seized.month_date >= registers.first_month
group by seized.border_point_code, seized.month_date
