{#- From which amount on a case of a drug is significant: a common table expression
    `thresholds`. -#}
{% macro significance_of_drugs() -%}
thresholds as (

    select
        drugs.code as drug_code,
        limits.threshold_equivalent_kg
    from {{ ref('drugs') }} as drugs
    inner join {{ ref('significance_thresholds') }} as limits
        on drugs.group_code = limits.drug_group_code and drugs.is_plant = limits.is_plant

)
{%- endmacro %}

{#- Which cases of `joined` are significant: common table expressions `thresholds` and
    `significant`. -#}
{% macro significant_events() -%}
{{ significance_of_drugs() }},

-- Cases of several rows of which one drug reaches its threshold, without what another
-- report presumably tells too.
significant as (

    select distinct joined.event_id
    from joined
    inner join cases
        on
            joined.submission_id = cases.submission_id
            and joined.seizure_date = cases.seizure_date
            and joined.case_key = cases.case_key
    inner join thresholds on cases.drug_code = thresholds.drug_code
    anti join {{ ref('int_duplicates_presumed') }} as presumed
        on cases.row_id = presumed.seizure_id
    group by joined.event_id, cases.drug_code, thresholds.threshold_equivalent_kg
    having
        sum(cases.equivalent_kg order by cases.row_id) >= thresholds.threshold_equivalent_kg

)
{%- endmacro %}

{#- The case of a row, and whether it is significant, for rows `accepted` of `cases`. -#}
{% macro event_of_a_row() -%}
coalesce(joined.event_id, accepted.row_id) as event_id,
    joined.event_basis,
    presumed.seizure_id is null
    and coalesce(
        if(
            joined.event_id is null,
            accepted.equivalent_kg >= thresholds.threshold_equivalent_kg,
            significant.event_id is not null
        ), false
    ) as is_significant
{%- endmacro %}

{% macro join_events() -%}
left join joined
    on
        accepted.submission_id = joined.submission_id
        and accepted.seizure_date = joined.seizure_date
        and accepted.case_key = joined.case_key
left join significant on joined.event_id = significant.event_id
left join thresholds on accepted.drug_code = thresholds.drug_code
{%- endmacro %}
