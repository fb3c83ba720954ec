{#- Record numbers that several rows bear: common table expressions `shared_records`, by
    which pairs are found, and `common_records`, which very many rows bear: such a number is
    none, as "б/н" is none. `widest` has to stand before them. -#}
{% macro common_records(relation) -%}
counted_records as (

    select
        country_code,
        drug_code,
        measure,
        record_id,
        count(*) > (select alike_count from widest) as is_common
    from {{ relation }} as described
    group by country_code, drug_code, measure, record_id
    having count(*) > 1

),

common_records as (

    select * from counted_records
    where is_common

),

shared_records as (

    select * from counted_records
    where not is_common

)
{%- endmacro %}

{#- What the pairs of a day are made of, in SQL: its seizures are those of submissions
    under one decision each, and some bear record numbers that are none. -#}
{% macro days_of_seizures() -%}
    with widest as (

        select max(alike_count) as alike_count from seeds.match_limits

    ),

    {{ common_records('intermediate.int_seizures_described') }}

    select
        described.seizure_date as slice_key,
        described.submission_id,
        landings.decided_at,
        count(*) as seizures_count,
        cast(
            list_sort(
                list(
                    distinct row(
                        described.drug_code, described.measure, described.record_id
                    )
                ) filter (where common_records.record_id is not null)
            ) as varchar
        ) as common_records
    from intermediate.int_seizures_described as described
    left join intermediate.int_landings_current as landings
        on
            described.submission_id = landings.submission_id
            and landings.table_name = 'seizures'
    left join common_records
        on
            described.country_code = common_records.country_code
            and described.drug_code = common_records.drug_code
            and described.measure = common_records.measure
            and described.record_id = common_records.record_id
    group by described.seizure_date, described.submission_id, landings.decided_at
{%- endmacro %}
