{#- Joins an arrival, `told`, with the reports on its month that stood then. -#}
{% macro join_standing(arrived) -%}
inner join {{ arrived }} as standing
        on
            told.country_code = standing.country_code
            and told.month_date = standing.month_date
            and told.arrival_number >= standing.arrival_number
            and told.arrival_number < coalesce(standing.replacing_number, 9223372036854775807)
{%- endmacro %}

{#- What was known of each drug after each arrival: what stood then of the reports that
    tell of the month, and which of their late rows counted. A drug that one of them names
    was seized no times to others. -#}
{% macro standing_reports(arrived) -%}
    with named as (

        select distinct
            told.country_code,
            told.month_date,
            weighed.drug_code
        from {{ arrived }} as told
        inner join {{ ref('int_seizures_weighed') }} as weighed
            on told.submission_id = weighed.submission_id and told.month_date = weighed.month_date

    )

    select
        told.country_code,
        told.month_date,
        told.reporting_month,
        told.submission_id,
        told.received_at,
        told.superseded_at,
        told.revision_number,
        named.drug_code,
        cast(coalesce(sum(weighed.seizures_count), 0) as bigint) as seizures_count,
        if(
            count(weighed.submission_id) = 0,
            0, sum(weighed.quantity_kg order by standing.reporting_month)
        ) as quantity_kg,
        if(
            count(weighed.submission_id) = 0,
            0, sum(weighed.questioned_kg order by standing.reporting_month)
        ) as questioned_kg
    from {{ arrived }} as told
    inner join named
        on told.country_code = named.country_code and told.month_date = named.month_date
    {{ join_standing(arrived) }}
    left join {{ ref('int_seizures_weighed') }} as weighed
        on
            standing.submission_id = weighed.submission_id
            and standing.month_date = weighed.month_date
            and named.drug_code = weighed.drug_code
            and (
                weighed.counted_from is null
                or if(
                    told.superseded_at is null,
                    weighed.counted_until is null,
                    told.known_at >= weighed.counted_from
                    and told.known_at < coalesce(weighed.counted_until, 'infinity')
                )
            )
    group by all
{%- endmacro %}
