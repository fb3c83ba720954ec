{#- How the seizures of a class stand to its published total, without presumed double
    reports (seed comparisons). -#}
{% macro compared_with_nation() -%}
    case
        when published.national_total_kg is null then 'NO_NATIONAL_TOTAL'
        when cases.seizures_count is null and held_back_count > 0 then 'ROWS_HELD_BACK'
        when cases.seizures_count is null and covered.reported_months_count > 0
            then 'NO_CASES'
        when cases.seizures_count is null then 'NOT_REPORTED'
        when cases.equivalent_kg is null then 'NO_WEIGHT'
        when
            abs(difference_kg_without_duplicates)
            <= greatest(0.001 * published.national_total_kg, published.uncertain_kg)
            then 'EQUAL'
        when difference_kg_without_duplicates > 0 then 'CASES_ABOVE'
        when held_back_count > 0 then 'ROWS_HELD_BACK'
        when coalesce(covered.reported_months_count, 0) < 12 then 'MONTHS_MISSING'
        else 'CASES_BELOW'
    end
{%- endmacro %}
