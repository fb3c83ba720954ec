-- Both names of a pair in the order of the alphabet, so that each pair stands once.
with told as (

    select
        country_code,
        reporting_month as month_date,
        activity_type_code,
        least(country_code, counterpart_country_code) as country_code_a,
        greatest(country_code, counterpart_country_code) as country_code_b,
        count(*) as activities_count,
        sum(participants_female_count) as participants_female_count,
        sum(participants_male_count) as participants_male_count,
        sum(seizures_count) as seizures_count,
        sum(detained_count) as detained_count
    from {{ ref('fct_activities') }}
    where counterpart_country_code <> country_code and activity_type_code is not null
    group by all

),

covered as (

    select
        country_code,
        month_date,
        coverage
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'activities'

),

paired as (

    select distinct
        month_date,
        country_code_a,
        country_code_b,
        activity_type_code
    from told

),

beside as (

    select
        paired.month_date,
        paired.country_code_a,
        paired.country_code_b,
        paired.activity_type_code,
        coalesce(covered_a.coverage, 'missing') as coverage_a,
        coalesce(covered_b.coverage, 'missing') as coverage_b,
        -- A side that has reported its activities and not this one says none.
        case
            when told_a.country_code is not null then told_a.activities_count
            when covered_a.coverage in ('data', 'nil') then 0
        end as activities_count_a,
        case
            when told_b.country_code is not null then told_b.activities_count
            when covered_b.coverage in ('data', 'nil') then 0
        end as activities_count_b,
        told_a.seizures_count as seizures_count_a,
        told_b.seizures_count as seizures_count_b,
        told_a.detained_count as detained_count_a,
        told_b.detained_count as detained_count_b,
        told_a.participants_female_count as participants_female_count_a,
        told_b.participants_female_count as participants_female_count_b,
        told_a.participants_male_count as participants_male_count_a,
        told_b.participants_male_count as participants_male_count_b
    from paired
    left join told as told_a
        on
            paired.month_date = told_a.month_date
            and paired.country_code_a = told_a.country_code
            and paired.country_code_b = told_a.country_code_b
            and paired.activity_type_code = told_a.activity_type_code
    left join told as told_b
        on
            paired.month_date = told_b.month_date
            and paired.country_code_b = told_b.country_code
            and paired.country_code_a = told_b.country_code_a
            and paired.activity_type_code = told_b.activity_type_code
    left join covered as covered_a
        on
            paired.month_date = covered_a.month_date
            and paired.country_code_a = covered_a.country_code
    left join covered as covered_b
        on
            paired.month_date = covered_b.month_date
            and paired.country_code_b = covered_b.country_code

)

select
    month_date,
    country_code_a,
    country_code_b,
    activity_type_code,
    coverage_a,
    coverage_b,
    activities_count_a,
    activities_count_b,
    activities_count_a - activities_count_b as activities_difference,
    cast(seizures_count_a as bigint) as seizures_count_a,
    cast(seizures_count_b as bigint) as seizures_count_b,
    cast(seizures_count_a - seizures_count_b as bigint) as seizures_difference,
    cast(detained_count_a as bigint) as detained_count_a,
    cast(detained_count_b as bigint) as detained_count_b,
    cast(detained_count_a - detained_count_b as bigint) as detained_difference,
    cast(participants_female_count_a as bigint) as participants_female_count_a,
    cast(participants_female_count_b as bigint) as participants_female_count_b,
    cast(participants_male_count_a as bigint) as participants_male_count_a,
    cast(participants_male_count_b as bigint) as participants_male_count_b
from beside
order by month_date, country_code_a, country_code_b, activity_type_code
