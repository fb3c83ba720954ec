{#- Which rows of `located` tell of one case: common table expressions, `cases` with all
    rows and `joined` with the cases of several rows. Only rows of one submission and one day
    are joined, so that no case crosses a border or a report.

    Rows with one case number are one case (RECORD), unless they name several places or
    agencies: then it is no number of a case. Rows without a number are presumed to be one
    (PLACE) if they name one place, each another drug, contradict each other in nothing, and
    all answer one further question. What is compared here is shown nowhere. -#}
{% macro joined_events() -%}
{%- set places = ['case_subdivision_code', 'case_point_code', 'place'] -%}
{%- set answers = [
    'hiding_place_code', 'installation_code', 'transport_mode_code',
    'detection_method_code', 'departure_country_code', 'transit_country_code',
    'destination_country_code', 'detained_count'
] -%}
keyed as (

    select
        *,
        coalesce(admin_division_code, province_found) as case_subdivision_code,
        coalesce(border_point_code, point_found) as case_point_code
    from located

),

cases as (

    select
        *,
        case
            when record_id is not null then 'number ' || record_id
            when coalesce(place, case_point_code) is not null
                then concat_ws(
                    ' / ', 'place', place, case_point_code, case_subdivision_code
                )
        end as case_key
    from keyed

),

-- Most rows stand alone: the others are found by their keys before they are compared.
several as (

    select
        submission_id,
        seizure_date,
        case_key
    from cases
    where seizure_date is not null and case_key is not null
    group by submission_id, seizure_date, case_key
    having count(*) > 1

),

joined as (

    select
        submission_id,
        seizure_date,
        case_key,
        min(row_id) as event_id,
        if(any_value(record_id) is null, 'PLACE', 'RECORD') as event_basis
    from cases
    semi join several
        on
            cases.submission_id = several.submission_id
            and cases.seizure_date = several.seizure_date
            and cases.case_key = several.case_key
    group by submission_id, seizure_date, case_key
    having
        {% for name in places + ['agency_code'] -%}
        {{ does_not_differ(name) }} and
        {% endfor -%}
        (
            any_value(record_id) is not null
            or (
                count(*) = count(distinct drug_code)
                {%- for name in answers + ['routing_code'] %}
                and {{ does_not_differ(name) }}
                {%- endfor %}
                and greatest(
                    {%- for name in answers %}
                    count({{ stated_answer(name) }}){{ ',' if not loop.last }}
                    {%- endfor %}
                ) = count(*)
            )
        )

)
{%- endmacro %}
