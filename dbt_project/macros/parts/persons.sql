{#- Parts of the figures about persons: what each row of fct_persons adds to them. -#}

{#- The names of all persons, and of the same by sex, age and citizenship. -#}
{% macro person_counts() -%}
    persons women men sex_unknown juveniles adults age_unknown nationals foreigners
    citizenship_unknown
{%- endmacro %}

{#- The counts of `parts` summed by keys: a common table expression `counted`. -#}
{% macro counted_persons(keys) -%}
counted as (

    select
        {{ keys | join(',\n        ') }},
        {% for name in person_counts().split() -%}
        cast(sum({{ name }}_count) as bigint) as {{ name }}_count
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from parts
    group by all

)
{%- endmacro %}

{#- The counts of `counted`, and shares of those of whom sex, age or citizenship is
    known. -#}
{% macro persons_and_shares() -%}
    {% for name in person_counts().split() -%}
    counted.{{ name }}_count,
    {% endfor -%}
    {% for share, others in [
        ('women', 'men'), ('juveniles', 'adults'), ('foreigners', 'nationals')
    ] -%}
    100 * counted.{{ share }}_count
    / nullif(counted.{{ share }}_count + counted.{{ others }}_count, 0) as {{ share }}_pct
    {%- if not loop.last %},{% endif %}
    {% endfor %}
{%- endmacro %}

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
        coalesce(citizenship_code, 'NOT_ANSWERED') as citizenship_code,
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

{% macro persons_by_year_parts() -%}
    select
        * exclude (month_date),
        cast(year(month_date) as integer) as calendar_year
    from (

        {{ persons_by_month_parts() }}

    ) as parts
{%- endmacro %}

{% macro persons_by_citizenship_parts() -%}
    {{ persons_by_year_parts() }}
{%- endmacro %}
