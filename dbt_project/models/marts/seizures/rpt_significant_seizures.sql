with parts as (

    {{ significant_seizures_parts() }}

),

summed as (

    select
        event_id,
        drug_code,
        min(country_code) as country_code,
        min(event_basis) as event_basis,
        min(drug_group_code) as drug_group_code,
        bool_or(is_plant) as is_plant,
        min(threshold_equivalent_kg) as threshold_equivalent_kg,
        min(subdivision_code) as subdivision_code,
        min(border_point_code) as border_point_code,
        min(place) as place,
        min(agency_code) as agency_code,
        min(routing_code) as routing_code,
        min(transport_mode_code) as transport_mode_code,
        min(hiding_place_code) as hiding_place_code,
        min(detection_method_code) as detection_method_code,
        count(*) as seizures_count,
        {% for measure in [
            'quantity_kg', 'questioned_kg', 'quantity_litres', 'quantity_count',
            'equivalent_kg'
        ] -%}
        sum({{ measure }}_without_duplicates order by row_place)
            as {{ measure }}_without_duplicates,
        {% endfor -%}
        max(detained_count) as most_detained_count,
        min(reporting_month) as month_date,
        min(seizure_date) as seizure_date
    from parts
    group by event_id, drug_code

)

select
    event_id,
    drug_code,
    country_code,
    event_basis,
    drug_group_code,
    is_plant,
    threshold_equivalent_kg,
    coalesce(equivalent_kg_without_duplicates >= threshold_equivalent_kg, false)
        as is_above_threshold,
    * exclude (
        event_id, drug_code, country_code, event_basis, drug_group_code, is_plant,
        threshold_equivalent_kg, month_date, seizure_date
    ),
    count(*) over (partition by event_id) as drugs_count,
    month_date,
    seizure_date
from summed
qualify
    bool_or(equivalent_kg_without_duplicates >= threshold_equivalent_kg)
        over (partition by event_id)
order by event_id, drug_code
