{#- Parts of the figures about persons: what each row of fct_persons adds to them. -#}

{% macro persons_by_month_parts() -%}
    with persons as (

        select
            *,
            case coalesce(citizenship_code, 'UNKNOWN')
                when country_code then 'NATIONAL'
                when 'UNKNOWN' then 'UNKNOWN'
                else 'FOREIGN'
            end as citizenship,
            coalesce(sex_code, 'UNKNOWN') as sex,
            coalesce(age_group_code, 'UNKNOWN') as age
        from {{ ref('fct_persons') }}

    )

    select
        row_id,
        submission_id,
        country_code,
        month_date,
        coalesce(offence_code, 'NOT_ANSWERED') as offence_code,
        -- The form says that an empty stage means suspected or arrested.
        coalesce(contact_stage_code, 'SUSPECTED') as contact_stage_code,
        {% for name, condition in [
            ('women', "sex = 'F'"), ('men', "sex = 'M'"), ('sex_unknown', "sex = 'UNKNOWN'"),
            ('juveniles', "age = 'JUVENILE'"), ('adults', "age = 'ADULT'"),
            ('age_unknown', "age = 'UNKNOWN'"), ('nationals', "citizenship = 'NATIONAL'"),
            ('foreigners', "citizenship = 'FOREIGN'"),
            ('citizenship_unknown', "citizenship = 'UNKNOWN'")
        ] -%}
        if({{ condition }}, persons_count, 0) as {{ name }}_count,
        {% endfor -%}
        persons_count
    from persons
{%- endmacro %}
