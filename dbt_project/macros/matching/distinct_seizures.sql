{#- Columns that distinguish seizures of one report, and rank reports of one event: the
    first counts. -#}
{% macro distinct_seizures() -%}
    hash(
        submission_id, record_id, seizure_date, drug_code, quantity, unit_code,
        subdivision_code, border_point_code, place_key, routing_code, hiding_place_code,
        installation_code, transport_mode_code, producing_country_code,
        departure_country_code, destination_country_code, agency_code, purity_pct,
        source_class_code, detection_method_code
    ) as answers_hash,
    row_number() over (
        partition by answers_hash
        order by seizure_number
    ) as repetition_number,
    -- Which of two reports of one event counts: the one from its own ground, the one with
    -- the finer number, the one that answers more, the first.
    row_number() over (
        order by
            len(ground_country_codes) > 0
            and not list_contains(ground_country_codes, country_code) asc,
            last_digit asc,
            len(list_filter([
                record_id, subdivision_code, border_point_code, place_key, routing_code,
                hiding_place_code, installation_code, transport_mode_code,
                nullif(producing_country_code, 'UNKNOWN'),
                nullif(departure_country_code, 'UNKNOWN'),
                nullif(destination_country_code, 'UNKNOWN'), agency_code,
                detection_method_code, cast(purity_pct as varchar)
            ], answer -> answer is not null)) desc,
            seizure_number asc
    ) as counting_rank
{%- endmacro %}
