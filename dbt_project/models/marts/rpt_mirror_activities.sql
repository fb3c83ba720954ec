-- Both names of a pair in the order of the alphabet, so that each pair stands once.
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

beside as (

    select
        month_date,
        country_code_a,
        country_code_b,
        activity_type_code,
        {%- for side in ['a', 'b'] %}
        {%- for figure in figures %}
        cast(
            sum({{ figure }}) filter (country_code = country_code_{{ side }}) as bigint
        ) as {{ figure }}_{{ side }},
        {%- endfor %}
        count(*) filter (country_code = country_code_{{ side }}) as told_count_{{ side }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from told
    group by all

),

covered as (

    select
        country_code,
        month_date,
        coverage
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'activities' and coverage <> 'missing'

)

select
    beside.month_date,
    beside.country_code_a,
    beside.country_code_b,
    beside.activity_type_code,
    coalesce(covered_a.coverage, 'missing') as coverage_a,
    coalesce(covered_b.coverage, 'missing') as coverage_b,
    -- A side that has reported its activities and not this one says none.
    if(covered_a.coverage is null, null, beside.told_count_a) as activities_count_a,
    if(covered_b.coverage is null, null, beside.told_count_b) as activities_count_b,
    activities_count_a - activities_count_b as activities_difference,
    beside.seizures_count_a,
    beside.seizures_count_b,
    beside.seizures_count_a - beside.seizures_count_b as seizures_difference,
    beside.detained_count_a,
    beside.detained_count_b,
    beside.detained_count_a - beside.detained_count_b as detained_difference,
    beside.participants_female_count_a,
    beside.participants_female_count_b,
    beside.participants_male_count_a,
    beside.participants_male_count_b
from beside
left join covered as covered_a
    on
        beside.month_date = covered_a.month_date
        and beside.country_code_a = covered_a.country_code
left join covered as covered_b
    on
        beside.month_date = covered_b.month_date
        and beside.country_code_b = covered_b.country_code
order by
    beside.month_date, beside.country_code_a, beside.country_code_b,
    beside.activity_type_code
