{#- By which part of the larger one two amounts differ. -#}
{% macro difference_ratio(a, b) -%}
    abs({{ a }}.amount - {{ b }}.amount) / greatest({{ a }}.amount, {{ b }}.amount)
{%- endmacro %}

{#- True where the finer number was rounded or cut off at the coarser last digit. -#}
{% macro is_within_last_digit(a, b) -%}
    abs({{ a }}.amount - {{ b }}.amount)
        < (1 - 1e-9) * greatest({{ a }}.last_digit, {{ b }}.last_digit)
        and greatest({{ a }}.last_digit, {{ b }}.last_digit)
        > 1.5 * least({{ a }}.last_digit, {{ b }}.last_digit)
{%- endmacro %}

{#- What two seizures, a and b, have in common and in what they differ: a column for each
    rule. What a side has not answered is neither. -#}
{% macro compared_answers() -%}
        -- Twins of one submission are set against those of another report one by one.
        a.repetition_number = b.repetition_number as is_nth_of_both,
        {{ difference_ratio('a', 'b') }} as difference_ratio,
        {{ is_within_last_digit('a', 'b') }} as is_within_last_digit,
        -- Of two reports of one event that one counts which comes from its own ground,
        -- which has the finer number, which answers more, which is the first.
        row(a.is_on_other_ground, a.last_digit, -a.answers_count, a.seizure_number)
        < row(b.is_on_other_ground, b.last_digit, -b.answers_count, b.seizure_number)
            as is_a_counted,
        a.unit_code <> b.unit_code as has_different_units,
        a.country_code = b.country_code
        and coalesce(a.record_id = b.record_id, false) as is_same_record,
        a.country_code = b.country_code
        and coalesce(a.record_id <> b.record_id, false) as is_other_record,
        coalesce(jaro_winkler_similarity(a.place_key, b.place_key), 0)
            as place_similarity,
        coalesce(list_has_any(a.border_point_codes, b.border_point_codes), false)
            as is_same_point,
        coalesce(list_has_any(a.subdivision_codes, b.subdivision_codes), false)
            as is_same_province,
        coalesce(len(a.subdivision_codes) > 0 and len(b.subdivision_codes) > 0, false)
            as has_provinces,
        coalesce(list_has_any(a.counterpart_codes, b.border_point_codes), false)
        or coalesce(list_has_any(b.counterpart_codes, a.border_point_codes), false)
            as is_crossing_pair,
        coalesce(list_contains(a.neighbour_country_codes, b.country_code), false)
        or coalesce(list_contains(b.neighbour_country_codes, a.country_code), false)
            as is_facing,
        coalesce(a.departure_country_code = b.departure_country_code, false)
        or coalesce(a.destination_country_code = b.destination_country_code, false)
            as is_same_route,
        coalesce(a.departure_country_code <> b.departure_country_code, false)
        or coalesce(a.destination_country_code <> b.destination_country_code, false)
            as is_other_route,
        a.country_code <> b.country_code
        and (
            coalesce(a.departure_country_code = b.country_code, false)
            or coalesce(a.destination_country_code = b.country_code, false)
            or coalesce(b.departure_country_code = a.country_code, false)
            or coalesce(b.destination_country_code = a.country_code, false)
        ) as is_linked_route
{%- endmacro %}

{#- The seizures of `pairs`: a common table expression `sides`, one row per seizure. -#}
{% macro sides_of_pairs(relation) -%}
either as (

    select number_a as seizure_number from pairs
    union all
    select number_b as seizure_number from pairs

),

sides as (

    select
        described.*
        replace (
            if(common_records.record_id is null, described.record_id, null) as record_id
        )
    from {{ relation }} as described
    semi join either on described.seizure_number = either.seizure_number
    left join common_records
        on
            described.country_code = common_records.country_code
            and described.drug_code = common_records.drug_code
            and described.measure = common_records.measure
            and described.record_id = common_records.record_id

)
{%- endmacro %}
