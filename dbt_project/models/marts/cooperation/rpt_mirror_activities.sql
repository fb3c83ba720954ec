-- Both names of a pair in the order of the alphabet, so that each pair stands once.
{%- set sides = {
    'a': {'told': 'country_code = country_code_a', 'country': 'country_code_a'},
    'b': {'told': 'country_code = country_code_b', 'country': 'country_code_b'}
} %}
{%- set figures = [
    'seizures_count', 'detained_count', 'participants_female_count',
    'participants_male_count'
] %}

with told as (

    select
        reporting_month as month_date,
        activity_type_code,
        country_code,
        least(country_code, counterpart_country_code) as country_code_a,
        greatest(country_code, counterpart_country_code) as country_code_b,
        {{ figures | join(',\n        ') }}
    from {{ ref('fct_activities') }}
    where counterpart_country_code <> country_code and activity_type_code is not null

),

{{ both_sides(
    'activities',
    ['month_date', 'country_code_a', 'country_code_b', 'activity_type_code'],
    sides, figures
) }}

select
    month_date,
    country_code_a,
    country_code_b,
    activity_type_code,
    a_coverage as coverage_a,
    b_coverage as coverage_b,
    -- A side that has reported its activities and not this one says none.
    if(a_coverage = 'missing', null, a_rows_count) as activities_count_a,
    if(b_coverage = 'missing', null, b_rows_count) as activities_count_b,
    activities_count_a - activities_count_b as activities_difference,
    a_seizures_count as seizures_count_a,
    b_seizures_count as seizures_count_b,
    a_seizures_count - b_seizures_count as seizures_difference,
    a_detained_count as detained_count_a,
    b_detained_count as detained_count_b,
    a_detained_count - b_detained_count as detained_difference,
    a_participants_female_count as participants_female_count_a,
    b_participants_female_count as participants_female_count_b,
    a_participants_male_count as participants_male_count_a,
    b_participants_male_count as participants_male_count_b
from beside
order by month_date, country_code_a, country_code_b, activity_type_code
