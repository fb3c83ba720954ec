{#- What was known of each drug after each arrival (standing_reports), and how many rows
    of it, or of no drug that was read, the reports that stood then hold back by decisions
    that hold now: a common table expression `reported`. -#}
{% macro reports_with_held_back(arrived) -%}
told_of as (

    {{ standing_reports(arrived) }}

),

held as (

    select
        told.country_code,
        told.month_date,
        told.revision_number,
        held.drug_code,
        sum(held.held_back_count) as rows_count
    from {{ arrived }} as told
    {{ join_standing(arrived) }}
    inner join {{ ref('int_seizures_held_back_by_report') }} as held
        on
            standing.submission_id = held.submission_id
            and standing.month_date = held.month_date
    group by all

),

reported as (

    select
        told_of.* exclude (quantity_kg, questioned_kg),
        cast(coalesce(of_drug.rows_count, 0) + coalesce(of_any.rows_count, 0) as bigint)
            as held_back_count,
        -- A drug of which all rows are held back was not seized zero times.
        {% for measure in ['quantity_kg', 'questioned_kg'] -%}
        if(seizures_count = 0 and held_back_count > 0, null, told_of.{{ measure }})
            as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from told_of
    {% for name, drug in {'of_drug': '= told_of.drug_code', 'of_any': 'is null'}.items() -%}
    left join held as {{ name }}
        on
            told_of.country_code = {{ name }}.country_code
            and told_of.month_date = {{ name }}.month_date
            and told_of.revision_number = {{ name }}.revision_number
            and {{ name }}.drug_code {{ drug }}
    {% endfor %}
)
{%- endmacro %}
