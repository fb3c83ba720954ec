{#- Parts of the figures about prices: what each row of fct_prices adds to them. -#}

{% macro prices_by_month_parts() -%}
    select
        row_id,
        submission_id,
        country_code,
        month_date,
        drug_code,
        coalesce(market_level_code, 'NOT_ANSWERED') as market_level_code,
        priced_unit_code,
        is_withheld,
        minimum_usd,
        typical_usd,
        maximum_usd,
        purity_pct,
        if(is_withheld, 1, 0) as withheld_count,
        if(not is_withheld and units_per_usd is null, 1, 0) as unconverted_count,
        if(
            is_withheld,
            null,
            format(
                '{} {} for 1 USD ({}, {})',
                units_per_usd, currency_code, rate_period, rate_source
            )
        ) as rate_shown,
        observations_count,
        if(is_withheld, null, observations_count) as shown_observations_count
    from {{ ref('fct_prices') }}
    where drug_code is not null
{%- endmacro %}

{#- Each route of a drug on which something was seized in a year: a common table
    expression `routes`. -#}
{% macro routes_seized() -%}
routes as (

    select distinct
        coalesce(producing_country_code, 'NOT_ANSWERED') as producing_country_code,
        coalesce(departure_country_code, 'NOT_ANSWERED') as departure_country_code,
        coalesce(destination_country_code, 'NOT_ANSWERED') as destination_country_code,
        drug_code,
        cast(year(reporting_month) as integer) as calendar_year
    from {{ ref('fct_seizures') }}

)
{%- endmacro %}
