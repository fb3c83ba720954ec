{%- set keys = ['month_date', 'country_code_a', 'country_code_b', 'activity_type_code'] %}
{%- set sides = {} %}
{%- for side in ['a', 'b'] %}
{%- do sides.update({side: {
    'country': 'country_code_' ~ side,
    'rows': 'activities_count_' ~ side,
    'zero_if_silent': ['activities_count_' ~ side],
    'figures': [
        'activities_count_' ~ side, 'seizures_count_' ~ side, 'detained_count_' ~ side,
        'participants_female_count_' ~ side, 'participants_male_count_' ~ side
    ]
}}) %}
{%- endfor %}

with parts as (

    {{ mirror_activities_parts() }}

),

{{ both_sides('activities', keys, sides) }}

select
    month_date,
    country_code_a,
    country_code_b,
    activity_type_code,
    a_coverage as coverage_a,
    b_coverage as coverage_b,
    activities_count_a,
    activities_count_b,
    activities_count_a - activities_count_b as activities_difference,
    seizures_count_a,
    seizures_count_b,
    seizures_count_a - seizures_count_b as seizures_difference,
    detained_count_a,
    detained_count_b,
    detained_count_a - detained_count_b as detained_difference,
    participants_female_count_a,
    participants_female_count_b,
    participants_male_count_a,
    participants_male_count_b
from beside
order by month_date, country_code_a, country_code_b, activity_type_code
