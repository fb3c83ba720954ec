with months as (

    select
        cast(
            unnest(
                generate_series(
                    min(reporting_month), max(reporting_month), interval 1 month
                )
            ) as date
        )
            as month_date
    from {{ ref('int_landings_current') }}

),

tables as (

    select distinct table_name
    from {{ ref('stg_landings') }}

),

held as (

    select
        submission_id,
        table_name,
        count(*) as held_back_count
    from {{ ref('int_rows_quarantined') }}
    where is_counted_elsewhere is not true
    group by submission_id, table_name

)

select
    countries.code as country_code,
    months.month_date,
    tables.table_name,
    case
        when landings.submission_id is null then 'missing'
        when landings.row_count = 0 then 'nil'
        else 'data'
    end as coverage,
    if(landings.submission_id is null, null, coalesce(held.held_back_count, 0))
        as held_back_count,
    landings.submission_id
from {{ ref('countries') }} as countries
cross join months
cross join tables
left join {{ ref('int_landings_current') }} as landings
    on
        countries.code = landings.country_code
        and months.month_date = landings.reporting_month
        and tables.table_name = landings.table_name
left join held
    on
        landings.submission_id = held.submission_id
        and landings.table_name = held.table_name
where
    countries.is_member
    -- Only those who have something to report send these tables.
    and (
        landings.submission_id is not null
        or tables.table_name not in ('eradication', 'laboratories')
    )
order by countries.code, months.month_date, tables.table_name
