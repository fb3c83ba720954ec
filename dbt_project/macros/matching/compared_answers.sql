{#- What two seizures, a and b, have in common and in what they differ: a column for each
    rule. What a side has not answered is neither. -#}
{% macro compared_answers() -%}
        -- Twins of one submission are set against those of another report one by one.
        a.repetition_number = b.repetition_number as is_nth_of_both,
        abs(a.amount - b.amount) / greatest(a.amount, b.amount) as difference_ratio,
        -- The finer number, rounded or cut off at the last digit of the coarser one.
        abs(a.amount - b.amount) < (1 - 1e-9) * greatest(a.last_digit, b.last_digit)
        and greatest(a.last_digit, b.last_digit)
        > 1.5 * least(a.last_digit, b.last_digit) as is_within_last_digit,
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
