{#- Reports beside the months that they tell of: that on which they report, and those of
    which any report on the same month has late rows. -#}
{% macro months_told(submissions) -%}
    with months as (

        select
            country_code,
            reporting_month,
            reporting_month as month_date
        from {{ submissions }}
        union
        select
            reports.country_code,
            reports.reporting_month,
            weighed.month_date
        from {{ submissions }} as reports
        inner join {{ ref('int_seizures_weighed') }} as weighed
            on reports.submission_id = weighed.submission_id

    )

    select
        reports.*,
        months.month_date
    from {{ submissions }} as reports
    inner join months
        on
            reports.country_code = months.country_code
            and reports.reporting_month = months.reporting_month
{%- endmacro %}
